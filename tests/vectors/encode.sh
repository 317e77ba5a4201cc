#!/bin/sh
# The encode vectors over both wires, and which of several right answers are
# ours: choices.expected is the list.
# check() calls the functions.
# shellcheck disable=SC2317
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "${srcdir:?}/tests/vectors/tap.sh"

encode()
{
	"$NODE" "$vectors/run-vectors.mjs" encode "$vectors/encode.public.json" \
		--verbose --timeout=600000 "$@"
}

# choices EXPECTED: those in the output that was put aside.
choices()
{
	sed -n 's/^  \(E[0-9]* \)/\1/p' "$work/run" | diff "$1" -
}

plan 5
check 'events in JSON' encode -- "$tools/sse-encode"
cp "$work/output" "$work/run"
check 'the choices are those that are documented' \
	choices "$vectors/choices.expected"
check 'events in base64' encode --wire=kv -- "$tools/sse-encode" --wire=kv
cp "$work/output" "$work/run"
# What only JSON can spell is left out there.
grep -v ' NDJSON ' "$vectors/choices.expected" >"$work/expected"
check 'the choices do not depend on the wire' choices "$work/expected"

cannot_pass()
{
	! encode --only=E001 -- cat
}
check 'a command that is no encoder does not pass' cannot_pass
exit "$failed"
