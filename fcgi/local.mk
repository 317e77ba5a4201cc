# sse-fcgi: one process, many subscribers.

if WITH_FCGI
noinst_LIBRARIES += %D%/libworker.a
WORKER_LIBS = %D%/libworker.a $(PRIVATE_LIBS) $(FCGI_LIBS) $(EVENT_LIBS)
%C%_libworker_a_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
%C%_libworker_a_SOURCES = \
	%D%/wire.c %D%/wire.h \
	%D%/frame.c %D%/frame.h \
	%D%/params.c %D%/params.h \
	%D%/intake.c %D%/intake.h \
	%D%/fence.c %D%/fence.h \
	%D%/socket_pair.c %D%/socket_pair.h \
	%D%/libfcgi.c %D%/libfcgi.h \
	%D%/exchange.c %D%/exchange.h \
	%D%/outbox.c %D%/outbox.h \
	%D%/watched.c %D%/watched.h \
	%D%/loop.c %D%/loop.h \
	%D%/listen_socket.c %D%/listen_socket.h \
	%D%/listen_unix.c %D%/listen_unix.h \
	%D%/listen_tcp.c %D%/listen_tcp.h \
	%D%/listen.c %D%/listen.h \
	%D%/stats.c %D%/stats.h \
	%D%/session.c %D%/session.h \
	%D%/client.c %D%/client.h \
	%D%/connection.c %D%/connection.h \
	%D%/clients.c %D%/clients.h \
	%D%/ledger.c %D%/ledger.h \
	%D%/pending.c %D%/pending.h \
	%D%/ring.c %D%/ring.h \
	%D%/backlog.c %D%/backlog.h \
	%D%/subscriber.c %D%/subscriber.h \
	%D%/fanout.c %D%/fanout.h \
	%D%/place.c %D%/place.h \
	%D%/feed.c %D%/feed.h \
	%D%/source_watch.c %D%/source_watch.h \
	%D%/wakeup.c %D%/wakeup.h \
	%D%/hub.c %D%/hub.h \
	%D%/reader.c %D%/reader.h \
	%D%/reader_run.c %D%/reader_run.h \
	%D%/readers.c %D%/readers.h \
	%D%/hubs.c %D%/hubs.h \
	%D%/undecided.c %D%/undecided.h \
	%D%/metric.c %D%/metric.h \
	%D%/status.c %D%/status.h %D%/status_server.c %D%/status_server.h \
	%D%/dispatch.c %D%/dispatch.h \
	%D%/page.c %D%/page.h \
	%D%/overview.c %D%/overview.h \
	%D%/arrivals.c %D%/arrivals.h \
	%D%/process.c %D%/process.h \
	%D%/descriptors.c %D%/descriptors.h \
	%D%/notify.c %D%/notify.h \
	%D%/acceptor.c %D%/acceptor.h \
	%D%/signals.c %D%/signals.h \
	%D%/confine.c %D%/confine.h \
	%D%/worker.c %D%/worker.h

bin_PROGRAMS += %D%/sse-fcgi
%C%_sse_fcgi_SOURCES = %D%/main.c
%C%_sse_fcgi_LDFLAGS = $(PROGRAM_LINK)
%C%_sse_fcgi_LDADD = $(WORKER_LIBS)
dist_man_MANS += %D%/sse-fcgi.8
else
EXTRA_DIST += %D%/sse-fcgi.8
endif
