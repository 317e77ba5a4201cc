private_sources += \
	%D%/system_log.c %D%/system_log.h \
	%D%/log.c %D%/log.h \
	%D%/trouble.c %D%/trouble.h \
	%D%/given_up.c %D%/given_up.h \
	%D%/become.c %D%/become.h \
	%D%/landlock.c %D%/landlock.h \
	%D%/seccomp_filter.c %D%/seccomp_filter.h \
	%D%/sandbox.c %D%/sandbox.h \
	%D%/program_reach.c %D%/program_reach.h \
	%D%/program.c %D%/program.h
