# report.awk - tables of what peers.bash has told: medians of all rounds.
#
#	AXIS PEER X RATE CPU_US P50_MS P99_MS COMPLETE THERE BYTES
#	start|first|replay PEER LINES MS [CPU_MS]
#
# With plot=AXIS and column=N: instead, for gnuplot, a block "X VALUE" for each
# peer that has any, at the rate rate (0: the lowest).

BEGIN { FS = "[ \t]+" }

# Names of peers come first: "name PEER TEXT...".
$1 == "name" {
	text = $0
	sub(/^name [^ ]+ /, "", text)
	name[$2] = text
	peers[++peers_count] = $2
	next
}

{
	rate_of = $1 ~ /^(start|first|replay)$/ ? 0 : $4
	note_x($1, $3)
	for (i = 4; i <= NF; i++)
		add($1 SUBSEP $2 SUBSEP $3 SUBSEP rate_of SUBSEP i, $i)
}

function note_x(axis, x) {
	if ((axis, x) in noted)
		return
	noted[axis, x] = 1
	xs[axis, ++xs_count[axis]] = x
}

function add(key, value) {
	values[key, ++count[key]] = value
}

function median(key, i, j, n, held, sorted) {
	n = count[key]
	for (i = 1; i <= n; i++) {
		held = values[key, i] + 0
		for (j = i; j > 1 && sorted[j - 1] > held; j--)
			sorted[j] = sorted[j - 1]
		sorted[j] = held
	}
	return (sorted[int((n + 1) / 2)] + sorted[int((n + 2) / 2)]) / 2
}

function has(axis, peer, x, rate) {
	return (axis SUBSEP peer SUBSEP x SUBSEP rate SUBSEP 4) in count
}

function value(axis, peer, x, rate, column) {
	return median(axis SUBSEP peer SUBSEP x SUBSEP rate SUBSEP column)
}

# Three digits that say something.
function short(number) {
	if (number == 0)
		return "0"
	if (number >= 100)
		return sprintf("%.0f", number)
	if (number >= 10)
		return sprintf("%.1f", number)
	return sprintf("%.2f", number)
}

# Of what did not all come, how much did.
function cell(axis, peer, x, rate, kind, part) {
	if (has(axis, peer, x, 0) && axis ~ /^(subscribers|streams|size)$/)
		return "only " value(axis, peer, x, 0, 9) " were served"
	# One subscriber alone is less than the noise.
	if (!has(axis, peer, x, rate) || (kind == "memory" && x < 10))
		return ""
	if (kind == "cpu")
		text = short(value(axis, peer, x, rate, 5))
	else if (kind == "time")
		text = short(value(axis, peer, x, rate, 6)) "; " \
			short(value(axis, peer, x, rate, 7))
	else if (kind == "memory")
		return short(value(axis, peer, x, rate, 10) / 1024)
	else if (kind == "ms")
		return short(value(axis, peer, x, rate, 4))
	else
		return short(value(axis, peer, x, rate, 4)) "; " \
			short(value(axis, peer, x, rate, 5))
	part = value(axis, peer, x, rate, 8)
	if (part < 1)
		text = text " (" int(part * 100) " % came)"
	return text
}

function head(title, first, i, axis, unit) {
	printf "\n%s\n\n| |", title
	for (i = 1; i <= xs_count[axis]; i++)
		printf " %s%s |", xs[axis, i], unit
	printf "\n|---|"
	for (i = 1; i <= xs_count[axis]; i++)
		printf "---|"
	printf "\n"
}

# A row for each peer, a column for each X of the axis.
function table(title, axis, rate, kind, unit, i, j, row, any) {
	if (xs_count[axis] == 0)
		return
	head(title, "", 0, axis, unit)
	for (i = 1; i <= peers_count; i++) {
		row = ""
		any = 0
		for (j = 1; j <= xs_count[axis]; j++) {
			text = cell(axis, peers[i], xs[axis, j], rate, kind)
			any += text != ""
			row = row " " text " |"
		}
		if (any > 0)
			print "| " name[peers[i]] " |" row
	}
}

# A row for each peer, a column for each rate that there is, at so many.
function rates_table(title, x, kind, i, j, n, all, list, row, any) {
	split("1 10 100 1000", all, " ")
	printf "\n%s\n\n| |", title
	for (j = 1; j <= 4; j++)
		for (i = 1; i <= peers_count; i++)
			if (has("subscribers", peers[i], x, all[j])) {
				list[++n] = all[j]
				printf " %s a second |", all[j]
				break
			}
	printf "\n|---|"
	for (j = 1; j <= n; j++)
		printf "---|"
	printf "\n"
	for (i = 1; i <= peers_count; i++) {
		row = ""
		any = 0
		for (j = 1; j <= n; j++) {
			text = has("subscribers", peers[i], x, list[j]) ? \
				cell("subscribers", peers[i], x, list[j], kind) : ""
			any += text != ""
			row = row " " text " |"
		}
		if (any > 0)
			print "| " name[peers[i]] " |" row
	}
}

function block(axis, rate, column, i, j, at) {
	for (i = 1; i <= peers_count; i++) {
		at = 0
		for (j = 1; j <= xs_count[axis]; j++) {
			if (!has(axis, peers[i], xs[axis, j], rate))
				continue
			if (value(axis, peers[i], xs[axis, j], rate, column) <= 0)
				continue
			if (at++ == 0)
				printf "\"%s\"\n", name[peers[i]]
			print xs[axis, j], \
				value(axis, peers[i], xs[axis, j], rate, column)
		}
		if (at > 0)
			printf "\n\n"
	}
}

END {
	if (plot != "") {
		block(plot, rate, column)
		exit
	}
	table("Processor time of a delivery, in us, by subscribers, at 10 " \
		"events a second:", "subscribers", 10, "cpu", "")
	table("Milliseconds until a subscriber has an event, median and 99 % " \
		"within, likewise:", "subscribers", 10, "time", "")
	table("Memory that a subscriber adds, in KiB (PSS of all processes):",
		"subscribers", 10, "memory", "")
	for (i = 1; i <= xs_count["subscribers"]; i++) {
		x = xs["subscribers", i]
		rates_table("Processor time of a delivery, in us, by rate, with " \
			x " subscribers:", x, "cpu")
		rates_table("Milliseconds, median and 99 % within, by rate, with " \
			x " subscribers:", x, "time")
	}
	table("Processor time of a delivery, in us, by streams of ten, 100 " \
		"events a second in all:", "streams", 100, "cpu", "")
	table("Milliseconds, median and 99 % within, likewise:", "streams", 100,
		"time", "")
	table("Processor time of a delivery, in us, by the length of a line, " \
		"50 subscribers, 10 events a second:", "size", 10, "cpu",
		" bytes")
	table("Milliseconds, median and 99 % within, likewise:", "size", 10,
		"time", " bytes")
	table("Milliseconds from starting the server until a client has the " \
		"last line, by lines of the log:", "start", 0, "ms", "")
	table("Milliseconds from connecting until a client has the last line, " \
		"by lines of the log:", "first", 0, "ms", "")
	table("Milliseconds of a replay of the whole log, and processor time " \
		"of the server:", "replay", 0, "both", "")
}
