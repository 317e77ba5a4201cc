private_sources += \
	%D%/context.c %D%/context.h \
	%D%/joiner.c %D%/joiner.h \
	%D%/beginning.c %D%/beginning.h \
	%D%/unsent.c %D%/unsent.h \
	%D%/obstacle.c %D%/obstacle.h \
	%D%/stream.c %D%/stream.h \
	%D%/look.c %D%/look.h \
	%D%/shape.c %D%/shape.h \
	%D%/admit.c %D%/admit.h
