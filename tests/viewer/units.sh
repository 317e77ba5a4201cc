#!/bin/sh
# The viewer's modules under Node.js, and the page that is made of them.
# shellcheck source-path=SCRIPTDIR source=../vectors/tap.sh
. "${srcdir:?}/tests/vectors/tap.sh"

export VIEWER_PAGE="$builddir/viewer/page.html"
export VIEWER_POLICY="$builddir/viewer/policy"

# check() calls it.
# shellcheck disable=SC2317
module()
{
	"$NODE" --test-reporter=tap "$srcdir/tests/viewer/$1_test.mjs"
}

plan 6
check 'the decoder passes the vectors, cut at every place' module decode
check 'the decoder passes random streams, cut anywhere' module fuzz
check 'what becomes of a text' module text
check 'what is kept and shown' module store
check 'one connection, and one that lasts' module share
check 'the page' module page
exit "$failed"
