#!/usr/bin/env bats
#
# The model of what the readers of a log must have: the sequences that failed
# once, and some thousand random steps of each mood, with short reads and
# writes, EINTR, EAGAIN, EMFILE and a rotation between two calls, and without.
# Any number of others, by hand: model --mood=copy --records --faults --seed=N
# --steps=N FOLDER; a sequence that fails is printed as short as it can be.

load helper

MODEL=$builddir/tests/model/model

@test "sequences that failed once" {
	run "$MODEL" --play "$srcdir/tests/model/sequences" "$DIR"
	assert_success
	assert_output --partial 'failed 0'
}

# plays MOOD: lines and records, each without faults and with.
plays() {
	local options

	for options in '' --faults --records '--records --faults'; do
		# shellcheck disable=SC2086
		run "$MODEL" --mood="$1" --steps=2500 $options "$DIR"
		assert_success
		echo "# $1 $options: $output" >&3
	done
}

@test "rotations, and nothing is told as missing" {
	plays calm
}

@test "copies and truncations" {
	plays copy
}

@test "rotations of any kind, deletions" {
	plays rename
}

@test "copied and truncated, and renamed or deleted as well" {
	plays mixed
}

@test "replaced by longer copies of itself" {
	plays replaced
}

@test "other logs beside it, with other digits in their names" {
	plays neighbours
}

@test "names of the day" {
	plays dated
}

@test "generations by a pattern, where a greater number is older" {
	plays older
}

@test "generations by a pattern, where a greater number is newer" {
	plays newer
}

@test "a new log that may not be read at once" {
	plays private
}

@test "files with two names" {
	plays links
}

@test "NULs before the data" {
	plays nuls
}

@test "a network file system: stale handles" {
	plays stale
}

@test "a network file system: sizes that are older than the data" {
	plays lag
}
