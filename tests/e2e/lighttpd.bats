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
	soon_enough 1000 program_ends silent
}

@test "without tcp-fin-propagate: the heartbeat does" {
	stop_server
	WITHOUT=tcp-fin-propagate start_server lighttpd
	soon_enough 3000 program_ends stream
}
