private_sources += \
	%D%/conf_error.c %D%/conf_error.h \
	%D%/conf_path.c %D%/conf_path.h \
	%D%/conf_entry.c %D%/conf_entry.h \
	%D%/conf_setting.c %D%/conf_setting.h \
	%D%/conf_value.c %D%/conf_value.h \
	%D%/conf_check.c %D%/conf_check.h \
	%D%/conf_allowed.c %D%/conf_allowed.h \
	%D%/conf_file.c %D%/conf_file.h \
	%D%/conf_key.c %D%/conf_key.h \
	%D%/conf_table.c \
	%D%/conf_text.c %D%/conf_text.h \
	%D%/conf_print.c \
	%D%/since_text.c %D%/since_text.h \
	%D%/conf.c %D%/conf.h \
	%D%/option.c %D%/option.h \
	%D%/help.c %D%/help.h \
	%D%/options.c %D%/options.h
EXTRA_DIST += %D%/keys.mdoc
