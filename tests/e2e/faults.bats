#!/usr/bin/env bats
#
# Runs of sse-cgi and starts of sse-fcgi in which system calls fail.

load faults

@test "a run of sse-cgi" {
	without_sanitizer
	fail_calls cgi
}

@test "a start of sse-fcgi" {
	without_sanitizer
	fail_calls start
}

@test "a run and a start with a FIFO" {
	without_sanitizer
	need setpriv
	fail_calls cgi-fifo start-fifo
}

@test "a run and a start with a journal" {
	without_sanitizer
	fail_calls cgi-journal start-journal
}
