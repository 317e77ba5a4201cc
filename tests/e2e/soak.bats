#!/usr/bin/env bats
#
# tests/soak for a minute, and tests/soak-redis for a moment.
# shellcheck disable=SC2154 # helper.bash sets what is not set here

load helper
load redis

@test "a minute of everything: nothing lost, nothing twice, nothing grows" {
	run "$srcdir/tests/soak" --build "$builddir" --seconds 60 \
		--subscribers 500
	assert_success
	printf '# %s\n' "${lines[@]}" >&3
}

@test "a Redis server that is killed, restored and trimmed: every number right" {
	need_redis
	run "$srcdir/tests/soak-redis" --build "$builddir" --seconds 4 \
		--rate 100 --subscribers 40 --seed 3
	assert_success
	printf '# %s\n' "${lines[@]}" >&3
}
