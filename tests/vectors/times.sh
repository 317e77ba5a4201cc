#!/bin/sh
# Times of records and of clients, against those of Python; CI has to have it.
: "${srcdir:?the top of the source}" "${builddir:?the top of the build}"

if ! python3 -c 'import zoneinfo' 2>/dev/null; then
	if [ "${CI:-}" = true ]; then
		printf '1..1\nnot ok 1 - CI needs python3\n'
		exit 1
	fi
	echo '1..0 # SKIP python3 was not found, or is older than 3.9'
	exit 0
fi
echo 1..1
if said=$(python3 "$srcdir/tests/vectors/times.py" \
	"$builddir/tests/tools/times" 2>&1); then
	echo "ok 1 - $said"
else
	echo "$said" | sed 's/^/# /'
	echo 'not ok 1 - times are as Python has them'
	exit 1
fi
