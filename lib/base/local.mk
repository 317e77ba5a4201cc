private_sources += \
	%D%/result.h \
	%D%/shortage.c %D%/shortage.h \
	%D%/pause.h \
	%D%/unset.h \
	%D%/budget.c %D%/budget.h \
	%D%/escape.c %D%/escape.h \
	%D%/print.c %D%/print.h \
	%D%/nearest.c %D%/nearest.h \
	%D%/inside.c %D%/inside.h \
	%D%/obstacle.c %D%/obstacle.h
