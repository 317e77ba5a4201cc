#!/usr/bin/env bats
#
# The names that writers give to the files of a log, as tests/e2e/writers has
# them.  A client was there before the oldest of them was rotated: what comes is
# all of it, each line once, or with a gap before what is missing.
# shellcheck disable=SC2154 # srcdir is of helper.bash

load helper

TEXT='line %03g, with some text of its own'
FILE_LINES=10
ROWS_MIN=100 # so that none is lost unseen

# The next lines of the log, to a file of it.
write_lines() {
	seq -f "$TEXT" $((WRITTEN + 1)) $((WRITTEN + FILE_LINES)) >>"$1"
	((WRITTEN += FILE_LINES))
}

# configure LOG GENERATIONS
configure() {
	printf '%s\n' 'follow = no' 'from = start' 'rotate-wait = 100ms' \
		'[log]' "source = $PWD/$1" >"$DIR/sse.conf"
	[ "$2" = - ] || echo "generations = $2" >>"$DIR/sse.conf"
}

# ask ID: what the stream has for who had that event, in DIR/answer.
ask() {
	timeout "$DEADLINE" "${ORDINARY[@]}" "${CGI[@]}" \
		"HTTP_LAST_EVENT_ID=$1" "$PROGRAM" -f "$DIR/sse.conf" \
		>"$DIR/answer" 2>"$DIR/said.err"
}

# move_away LOG NAME: compressed, if the name says so.
move_away() {
	case $2 in
	*.gz | *.bz2 | *.zst | *.zip) gzip -c "$1" >"$2" && rm "$1" ;;
	*) mv "$1" "$2" ;;
	esac
}

# rotate HOW LOG NAME: what is there gets the name, or it has it already and
# what comes next is in a file of this name.
rotate() {
	case $1 in
	rename) move_away "$2" "$3" && write_lines "$2" ;;
	copy) cp "$2" "$3" && : >"$2" && write_lines "$2" ;;
	dated) write_lines "$3" ;;
	link) write_lines "$3" && ln -sfn "$3" "$2" ;;
	hardlink) write_lines "$3" && ln -f "$3" "$2" ;;
	esac
}

# play HOW LOG NAME...: its fifth event is the last that the client has.
play() {
	local how=$1 log=$2 name id

	shift 2
	WRITTEN=0
	case $how in
	rename | copy) write_lines "$log" ;;
	*) rotate "$how" "$log" "$1" && shift ;;
	esac
	ask ''
	id=$(decode "$DIR/answer" | awk '/^message/ && ++n == 5 { print $2 }')
	for name; do
		rotate "$how" "$log" "$name"
	done
	ask "$id"
}

all_lines() {
	cmp <(messages "$DIR/answer") <(seq -f "$TEXT" 6 "$WRITTEN")
}

# wanted_all, wanted_told, wanted_gap: what comes, in the words of the table.
wanted_all() {
	all_lines && [ -z "$(gaps "$DIR/answer")" ]
}

wanted_told() {
	all_lines && [ -n "$(gaps "$DIR/answer")" ]
}

# Something is missing, what is not comes once, and no gap is without a word.
wanted_gap() {
	decode "$DIR/answer" | awk -F '\t' -v last=5 -v written="$WRITTEN" '
		$1 == "gap" { told = 1 }
		$1 == "message" {
			n = substr($3, 6, 3) + 0
			if (n <= last || (n > last + 1 && !told))
				wrong = 1
			missing += n - last - 1
			last = n
			told = 0
		}
		END { exit wrong || !missing || last != written }'
}

# try_row WRITER HOW LOG GENERATIONS NAMES WANTED: says what is wrong.
try_row() {
	local names

	read -ra names <<<"$5"
	mkdir -p "$DIR/row/old"
	cd "$DIR/row" || return
	configure "$3" "$4"
	if ! play "$2" "$3" "${names[@]}" || ! "wanted_$6"; then
		echo "$1: $5: not $6"
		cat "$DIR/said.err"
		gaps "$DIR/answer"
		messages "$DIR/answer" | sed 's/,.*//' | paste -sd ' '
	fi
	rm -rf "$DIR/row"
}

@test "each writer's names, by themselves or with its pattern" {
	local row fields rows=0

	while read -r row; do
		[[ $row == *' | '* && $row != '#'* ]] || continue
		mapfile -t fields <<<"${row// | /$'\n'}"
		try_row "${fields[@]}"
		((++rows))
	done <"$srcdir/tests/e2e/writers" >"$DIR/wrong"
	cat "$DIR/wrong"
	[ ! -s "$DIR/wrong" ]
	((rows >= ROWS_MIN))
	echo "# $rows writers" >&3
}
