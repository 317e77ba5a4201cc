#!/usr/bin/env bats
#
# The model of what the readers of a log must have: the sequences that failed
# once, and some thousand random steps of each mood.  Any number of others, by
# hand: model --mood=copy --records --faults --seed=N --steps=N FOLDER; a
# sequence that fails is printed as short as it can be.

load helper

MODEL=$builddir/tests/model/model

@test "sequences that failed once" {
	run "$MODEL" --play "$srcdir/tests/model/sequences" "$DIR"
	assert_success
	assert_output --partial 'failed 0'
}

# plays MOOD [OPTION]...
plays() {
	run "$MODEL" --mood="$1" --steps=10000 "${@:2}" "$DIR"
	assert_success
	echo "# $*: $output" >&3
}

@test "ten thousand steps: rotations, and nothing is told as missing" {
	plays calm
}

@test "ten thousand steps: copies and truncations" {
	plays copy
}

@test "ten thousand steps: rotations of any kind, deletions" {
	plays rename
}

@test "with faults: short reads and writes, EINTR, EAGAIN, EMFILE, a rotation between" {
	plays calm --faults
	plays copy --faults
	plays rename --faults
}

@test "ten thousand steps of each, in records of several lines" {
	plays calm --records
	plays copy --records
	plays rename --records
}

@test "in records, with faults" {
	plays calm --records --faults
	plays copy --records --faults
	plays rename --records --faults
}
