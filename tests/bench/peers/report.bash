# report.bash - the tables and plots of what peers.bash has told.
# shellcheck disable=SC2154 # run and peers.bash set what is used here

told() {
	local peer
	for peer in "${all_peers[@]}"; do
		echo "name $peer $(name_of "$peer")"
	done
	cat "$results"
}

tables() {
	told | awk -f "$peers/report.awk"
}

# plot FILE TITLE AXIS RATE COLUMN XLABEL YLABEL
plot() {
	told | awk -v plot="$3" -v rate="$4" -v column="$5" \
		-f "$peers/report.awk" >"$work/plot"
	# A line needs two points.
	awk '!/^"/ && NF == 2 && !seen[$1]++ { count++ }
		END { exit count < 2 }' "$work/plot" || return 0
	gnuplot <<-END
		set terminal svg size 900,480 font "sans-serif,13" \
			background "white"
		set output "$1"
		set title "$2"
		set xlabel "$6"
		set ylabel "$7"
		set logscale xy
		set key outside right
		set grid
		set offsets graph 0.05, graph 0.05, 0, 0
		plot for [i=0:$(grep -c '^"' "$work/plot") - 1] "$work/plot" \
			index i using 1:2 with linespoints \
			lw 2 ps 0.7 pt i + 4 dt 1 + i / 8 \
			title columnheader(1)
	END
}

# plots FOLDER
plots() {
	local rate=10
	if ! command -v gnuplot >/dev/null; then
		echo "plots: left out, gnuplot is not installed"
		return
	fi
	plot "$1/cpu.svg" "Processor time of a delivery, 10 events a second" \
		subscribers "$rate" 5 subscribers us
	plot "$1/latency.svg" "99 % have an event within, 10 events a second" \
		subscribers "$rate" 7 subscribers ms
	plot "$1/memory.svg" "Memory that a subscriber adds" \
		subscribers "$rate" 10 subscribers bytes
	plot "$1/streams.svg" "Processor time of a delivery, streams of ten" \
		streams 100 5 streams us
	plot "$1/length.svg" "Processor time of a delivery, 50 subscribers" \
		size "$rate" 5 "bytes of a line" us
	plot "$1/replay.svg" "Replay of a log, lines of 100 bytes" \
		replay 0 4 "lines of the log" ms
}

# The section of RESULTS.md between two marks is written anew.
keep_tables() {
	local file=$source_dir/tests/bench/RESULTS.md
	grep -q '^<!-- peers: written by run' "$file" ||
		fail "$file: no place for tables"
	{
		echo "On $(date -u +%F), load $1 before and $(load) after" \
			"(sizes: $extent, rounds: $rounds, seconds: $seconds)."
		echo "Servers had: $(printf %s "${server_on[*]:-all cores}");" \
			"clients: $(printf %s "${crowd_on[*]:-all cores}")."
		echo
		machine | sed "/./s/^/    /"
		tables | cat -s
	} >"$work/section"
	awk -v section="$work/section" '
		/^<!-- peers: end -->/ { skip = 0 }
		!skip
		/^<!-- peers: written by run/ {
			skip = 1
			print ""
			while ((getline line < section) > 0)
				print line
			print ""
		}' "$file" >"$work/results.md"
	cat "$work/results.md" >"$file"
}

load() {
	cut -d' ' -f1-3 /proc/loadavg
}

# report_peers LOAD: that there was at the start.
report_peers() {
	tables
	if [ -z "$keep" ]; then
		return
	fi
	mkdir -p "$source_dir/tests/bench/plots"
	cp "$results" "$source_dir/tests/bench/plots/peers.txt"
	plots "$source_dir/tests/bench/plots"
	keep_tables "$1"
}
