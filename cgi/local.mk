bin_PROGRAMS += %D%/sse-cgi
%C%_sse_cgi_SOURCES = \
	%D%/main.c \
	%D%/answer.c %D%/answer.h \
	%D%/pump.c %D%/pump.h
%C%_sse_cgi_LDADD = lib/libprivate.la
dist_man_MANS += %D%/sse-cgi.1
