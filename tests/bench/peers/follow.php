<?php
// Follows a log for one client, as scripts for php-fpm do: it looks ten times a
// second.  LOG is the log; ?from=start all of it, else from its last line on.
set_time_limit(0);
header('Content-Type: text/event-stream');
header('Cache-Control: no-cache');
header('X-Accel-Buffering: no');
while (ob_get_level() > 0)
	ob_end_flush();

$log = fopen($_SERVER['LOG'], 'r');
if ($_SERVER['QUERY_STRING'] !== 'from=start') {
	$from = max(0, filesize($_SERVER['LOG']) - 131072);
	fseek($log, $from);
	$tail = rtrim(stream_get_contents($log), "\n");
	$begin = strrpos($tail, "\n");
	fseek($log, $from + ($begin === false ? 0 : $begin + 1));
}
$rest = '';
for (;;) {
	while (($part = fgets($log)) !== false) {
		$rest .= $part;
		if (substr($rest, -1) !== "\n")
			break;
		echo 'data: ', $rest, "\n";
		$rest = '';
	}
	flush();
	if (connection_aborted())
		exit;
	usleep(100000);
	fseek($log, ftell($log)); // or it stays at its end
}
