# pages.bash - the blocks of README.md and of examples/README.md.
# shellcheck disable=SC2154,SC2034 # as in document.bash

README=$srcdir/README.md
PAGES=("$README" "$srcdir/examples/README.md")

# page_block FIRST-LINE: the block that begins so, as it stands; a "\" at the end of
# the line is not named.
page_block() {
	first=$1 awk '
		/^```/ { inside = !inside; number += inside; next }
		inside && !(number in lines) {
			lines[number] = 1
			if ($0 == ENVIRON["first"] ||
			    $0 == ENVIRON["first"] " \\")
				wanted = number
		}
		inside && number == wanted
		END { exit !wanted }' "${PAGES[@]}"
}
