# sse-cgi: one process, one subscriber.

noinst_LTLIBRARIES += %D%/libcgi.la
%C%_libcgi_la_LIBTOOLFLAGS = --tag=disable-static
%C%_libcgi_la_LIBADD = lib/libprivate.la
%C%_libcgi_la_SOURCES = \
	%D%/arguments.c %D%/arguments.h \
	%D%/answer.c %D%/answer.h \
	%D%/pump.c %D%/pump.h

bin_PROGRAMS += %D%/sse-cgi
%C%_sse_cgi_SOURCES = %D%/main.c
%C%_sse_cgi_LDADD = %D%/libcgi.la
dist_man_MANS += %D%/sse-cgi.1
