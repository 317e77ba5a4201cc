#!/usr/bin/env bats
#
# tests/soak for a minute.

load helper

@test "a minute of everything: nothing lost, nothing twice, nothing grows" {
	run "$srcdir/tests/soak" --build "$builddir" --seconds 60 \
		--subscribers 500
	assert_success
	printf '# %s\n' "${lines[@]}" >&3
}
