private_sources += \
	%D%/system_log.c %D%/system_log.h \
	%D%/log.c %D%/log.h \
	%D%/trouble.c %D%/trouble.h \
	%D%/given_up.c %D%/given_up.h \
	%D%/become.c %D%/become.h \
	%D%/landlock.c %D%/landlock.h \
	%D%/seccomp_program.c %D%/seccomp_program.h \
	%D%/seccomp_filter.c %D%/seccomp_filter.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/program_reach.c %D%/program_reach.h \
	%D%/program.c %D%/program.h

# The filters of sse-cgi, by the numbers that system calls have here.
if NATIVE_BUILD
noinst_PROGRAMS += %D%/seccomp-print
%C%_seccomp_print_SOURCES = %D%/seccomp_print.c \
	%D%/seccomp_program.c %D%/seccomp_program.h
%C%_seccomp_print_LDFLAGS = $(AM_LDFLAGS)
private_made = %D%/seccomp_made.c
CLEANFILES += %D%/seccomp_made.c
%D%/seccomp_made.c: %D%/seccomp-print$(EXEEXT)
	$(AM_V_GEN)%D%/seccomp-print >$@.new && mv $@.new $@
else
private_made = %D%/seccomp_unmade.c
endif
EXTRA_DIST += %D%/seccomp_unmade.c %D%/seccomp_print.c
