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
	grep -v tcp-fin-propagate \
		"$srcdir/examples/lighttpd/lighttpd.conf" >server.conf
	start server-plain env SSE_DIR="$DIR" SSE_PORT="$PORT" \
		lighttpd -D -f "$DIR/server.conf"
	# shellcheck disable=SC2034 # for the helpers
	SERVER_PID=$PID
	wait_until "$DEADLINE" server_decided
	connect client stream
	program_ends_within 3000
}
