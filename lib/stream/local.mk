private_sources += \
	%D%/context.c %D%/context.h \
	%D%/joined.c %D%/joined.h \
	%D%/multiline.c %D%/multiline.h \
	%D%/stages.c %D%/stages.h \
	%D%/beginning.c %D%/beginning.h \
	%D%/stream_error.c %D%/stream_error.h \
	%D%/greeting.c %D%/greeting.h \
	%D%/unsent.c %D%/unsent.h \
	%D%/held.c %D%/held.h \
	%D%/passing.c %D%/passing.h \
	%D%/stream_item.c %D%/stream_item.h \
	%D%/notes.c %D%/notes.h \
	%D%/stream.c %D%/stream.h \
	%D%/flush_window.c %D%/flush_window.h \
	%D%/look.c %D%/look.h \
	%D%/shape.c %D%/shape.h \
	%D%/viewer.h %D%/index.c %D%/index.h \
	%D%/admit.c %D%/admit.h
