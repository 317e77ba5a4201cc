# sse-fcgi: one process, many subscribers.

if WITH_FCGI
noinst_LTLIBRARIES += %D%/libworker.la
%C%_libworker_la_CPPFLAGS = $(AM_CPPFLAGS) $(EVENT_CFLAGS)
%C%_libworker_la_LIBADD = lib/libprivate.la $(FCGI_LIBS) $(EVENT_LIBS)
%C%_libworker_la_SOURCES = \
	%D%/wire.c %D%/wire.h \
	%D%/params.c %D%/params.h \
	%D%/intake.c %D%/intake.h \
	%D%/libfcgi.c %D%/libfcgi.h
endif
