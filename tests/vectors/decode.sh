#!/bin/sh
# The decode vectors: cut at every place, live, and over the other wire.
# check() calls the functions.
# shellcheck disable=SC2317
# shellcheck source-path=SCRIPTDIR source=tap.sh
. "${srcdir:?}/tests/vectors/tap.sh"

decode()
{
	"$NODE" "$vectors/run-vectors.mjs" decode "$vectors/decode.public.json" \
		--strict --timeout=600000 "$@"
}

plan 4
check 'every way of cutting brings the same, and what is expected' \
	decode -- "$tools/sse-decode" --every-split '--last-id={SEED}'
check 'events come out while the input is open' \
	decode --live -- "$tools/sse-decode" '--chunks={CHUNKS}' \
	'--last-id={SEED}'
check 'as read, with base64' \
	decode --wire=kv -- "$tools/sse-decode" --wire=kv '--last-id={SEED}'

# The runner has to be able to fail.
cannot_pass()
{
	! decode --only=D001 -- cat
}
check 'a command that is no decoder does not pass' cannot_pass
exit "$failed"
