# sse-cgi: one process, one subscriber.

noinst_LIBRARIES += %D%/libcgi.a
CGI_LIBS = %D%/libcgi.a $(PRIVATE_LIBS)
%C%_libcgi_a_SOURCES = \
	%D%/arguments.c %D%/arguments.h \
	%D%/answer.c %D%/answer.h \
	%D%/pump.c %D%/pump.h

bin_PROGRAMS += %D%/sse-cgi
%C%_sse_cgi_SOURCES = %D%/main.c
%C%_sse_cgi_LDFLAGS = $(PROGRAM_LINK)
%C%_sse_cgi_LDADD = $(CGI_LIBS)
dist_man_MANS += %D%/sse-cgi.1
