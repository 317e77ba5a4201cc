#!/usr/bin/env bats
#
# What only lighttpd does.

load helper
load cgi

prepare() {
	start_cgi_bin lighttpd
}

@test "it tells a silent program at once that its client has gone" {
	place silent <<-END
		#!/bin/sh
		exec $PROGRAM --heartbeat=1h $LOG
	END
	connect client silent
	program_ends_within 1000
}

@test "without tcp-fin-propagate: the heartbeat does" {
	stop_server
	WITHOUT=tcp-fin-propagate start_server lighttpd
	connect client stream
	program_ends_within 3000
}
