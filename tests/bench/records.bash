# records.bash - the figures of what is done to records; see run.
# shellcheck shell=bash disable=SC2154 # run sets them

# The end of a stream that has ended, but for its blank line.
end_of_stream=$'event: end\ndata: '

# against LOG NAME LIMIT OPTION COMMAND...: the time until all frames of a log
# have been read, against that of the command with the log as its last argument.
against() {
	local log=$1 name=$2 limit=$3 option=$4
	shift 4
	if ! command -v "$1" >/dev/null; then
		echo "$name: left out, there is no $1"
		return
	fi
	if ! "$cgi" --check "$option" "$log" >/dev/null 2>&1; then
		echo "$name: left out, sse-cgi was built without it"
		return
	fi
	cat "$log" >/dev/null
	env LC_ALL=C.UTF-8 GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET \
		QUERY_STRING= "$bench/replay" "$name" "$limit" "$pairs" \
		"$end_of_stream" "$cgi" --follow=no --from=start --replay=4G \
		--flush=ready "$option" "$log" -- "$@" "$log"
}

# ------------------------------------------------------------------ json

# COUNT orders, of about 160 bytes.
json_records() {
	awk -v count="$1" 'BEGIN {
		for (i = 0; i < count; i++)
			printf "{\"id\":\"%d\",\"event\":\"order\",\"data\":" \
"{\"customer\":%d,\"name\":\"Ada Lovelace\",\"items\":[{\"article\":" \
"\"A-%05d\",\"count\":%d}],\"total\":%d.%02d,\"paid\":%s,\"note\":null}}\n",
				1000000 + i, i * 7919 % 100000,
				i * 31 % 65536, i % 9 + 1, i % 500, i % 100,
				i % 3 ? "true" : "false"
	}'
}

against_jq() {
	json_records 500000 >"$work/json"
	against "$work/json" "format = json, against jq -c ." 0.67 \
		--format=json jq -c .
	rm -f "$work/json"
}

# --------------------------------------------------------------- include

# One line of a thousand.
pattern='GET /page/[0-9]{4}123\.html'

against_grep() {
	lines 0 40000 >"$work/part"
	for _ in {1..100}; do
		cat "$work/part"
	done >"$work/log"
	against "$work/log" "include, against grep -P" 1.6 \
		--include="$pattern" grep -P "$pattern"
	rm -f "$work/log" "$work/part"
}

bench_records() {
	"$bench/records" "$pairs"
	against_jq
	against_grep
}
