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

# play_aside FOLDER OPTION...: of the model, with its output in FOLDER.out.
play_aside() {
	local folder=$1

	shift
	mkdir "$folder"
	"$MODEL" --steps=1500 "$@" "$folder" >"$folder.out" 2>&1 \
		{NEVER}>&- 3>&- &
}

# plays MOOD: lines and records, each without faults and with.  All at once: they
# wait for the kernel, which takes its time with each watch that is closed.
plays() {
	local name options process processes=() status=0

	for options in '' --faults --records '--records --faults'; do
		name=$DIR/model${options// /}
		# shellcheck disable=SC2086
		play_aside "$name" --mood="$1" $options
		processes+=("$!")
	done
	for process in "${processes[@]}"; do
		wait "$process" || status=$?
	done
	for options in '' --faults --records '--records --faults'; do
		name=$DIR/model${options// /}
		cat "$name.out"
		echo "# $1 $options: $(tail -n 1 "$name.out")" >&3
	done
	return "$status"
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
