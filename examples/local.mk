# Configurations that start as they are, the page, and all of it at once.
EXTRA_DIST += %D%/quickstart
nobase_dist_example_files_DATA += %D%/README.md %D%/picture.png \
	%D%/page/index.html \
	%D%/apache/httpd.conf %D%/apache/sse-fcgi.conf \
	%D%/caddy/Caddyfile \
	%D%/haproxy/haproxy.cfg %D%/haproxy/restarting.http \
	%D%/lighttpd/lighttpd.conf %D%/lighttpd/sse-fcgi.conf \
	%D%/nginx/fcgiwrap.conf %D%/nginx/sse-fcgi.conf \
	%D%/redis/README.md %D%/redis/ssekit.conf %D%/redis/haproxy.cfg \
	%D%/redis/sse-fcgi.conf %D%/redis/sse-fcgi-tcp.conf \
	%D%/redis/forward.c \
	%D%/redis/moving.html %D%/redis/stunnel.conf \
	%D%/redis/stunnel.service.conf
nobase_dist_example_files_SCRIPTS += %D%/cgi-bin/pipeline %D%/redis/two-hosts

# Programs that use the library.  They are linked as another's would be, but
# with the archive, so that one file is a whole program.
c_examples = %D%/c/clock
if WITH_FCGI
c_examples += %D%/c/clock-fcgi %D%/c/event %D%/c/fields %D%/c/timestamp \
	%D%/c/cur-time %D%/c/broadcast
endif
noinst_PROGRAMS += $(c_examples)
EXAMPLE_LIBS = lib/libssekit.la
EXAMPLE_LINKING = $(AM_LDFLAGS) -static -no-install
%C%_c_clock_SOURCES = %D%/c/clock.c
%C%_c_clock_LDFLAGS = $(EXAMPLE_LINKING)
%C%_c_clock_LDADD = $(EXAMPLE_LIBS)
%C%_c_clock_fcgi_SOURCES = %D%/c/clock-fcgi.c
%C%_c_clock_fcgi_LDFLAGS = $(EXAMPLE_LINKING)
%C%_c_clock_fcgi_LDADD = $(EXAMPLE_LIBS) $(FCGI_LIBS)
%C%_c_event_SOURCES = %D%/c/event.c
%C%_c_event_LDFLAGS = $(EXAMPLE_LINKING)
%C%_c_event_LDADD = $(EXAMPLE_LIBS) $(FCGI_LIBS)
%C%_c_fields_SOURCES = %D%/c/fields.c
%C%_c_fields_LDFLAGS = $(EXAMPLE_LINKING)
%C%_c_fields_LDADD = $(EXAMPLE_LIBS) $(FCGI_LIBS)
%C%_c_timestamp_SOURCES = %D%/c/timestamp.c
%C%_c_timestamp_LDFLAGS = $(EXAMPLE_LINKING)
%C%_c_timestamp_LDADD = $(EXAMPLE_LIBS) $(FCGI_LIBS)
%C%_c_cur_time_SOURCES = %D%/c/cur-time.c
%C%_c_cur_time_LDFLAGS = $(EXAMPLE_LINKING)
%C%_c_cur_time_LDADD = $(EXAMPLE_LIBS) $(FCGI_LIBS)
%C%_c_broadcast_SOURCES = %D%/c/broadcast.c %D%/c/channel.h \
	%D%/c/threads.h
%C%_c_broadcast_CFLAGS = $(AM_CFLAGS) -pthread
%C%_c_broadcast_LDFLAGS = $(EXAMPLE_LINKING) -pthread
%C%_c_broadcast_LDADD = $(EXAMPLE_LIBS) $(FCGI_LIBS)
# What is not built is installed all the same: it shows how.
nobase_dist_example_files_DATA += %D%/c/README.md %D%/c/lighttpd.conf %D%/c/nginx.conf \
	%D%/c/clock.c %D%/c/event.c %D%/c/fields.c %D%/c/timestamp.c \
	%D%/c/cur-time.c %D%/c/clock-fcgi.c \
	%D%/c/broadcast.c %D%/c/threads.h %D%/c/channel.h \
	%D%/page/clock.html %D%/page/event.html %D%/page/fields.html \
	%D%/page/broadcast.html %D%/page/timestamp.html \
	%D%/page/cur-time.html
