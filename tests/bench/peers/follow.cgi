#!/bin/sh
# The usual script in a cgi-bin: LOG from its last line on, or all of it.  With
# `sed -u` instead, which reads byte by byte, lines of 8 KiB take seconds.
printf 'Content-Type: text/event-stream\r\nCache-Control: no-cache\r\n\r\n'
from=1
[ "$QUERY_STRING" != from=start ] || from=+1
tail -n "$from" -F "$LOG" | stdbuf -oL sed 's/^/data: /; s/$/\n/'
