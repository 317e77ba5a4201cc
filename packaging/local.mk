# What a package needs beside the programs: completion for shells, and what is
# pasted into web servers.

# Made from what the programs say themselves, so not where they cannot be run.
if NATIVE_BUILD
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
nodist_bashcompletion_DATA = %D%/bash/sse-cgi
nodist_zshcompletion_DATA = %D%/zsh/_sse-cgi
if WITH_FCGI
nodist_bashcompletion_DATA += %D%/bash/sse-fcgi
nodist_zshcompletion_DATA += %D%/zsh/_sse-fcgi
endif
CLEANFILES += $(nodist_bashcompletion_DATA) $(nodist_zshcompletion_DATA)
endif
COMPLETION = $(SHELL) $(srcdir)/%D%/completion-of

%D%/bash/sse-cgi: cgi/sse-cgi$(EXEEXT) %D%/completion-of
	$(AM_V_GEN)$(MKDIR_P) %D%/bash && \
		$(COMPLETION) bash cgi/sse-cgi >$@.new && mv $@.new $@
%D%/bash/sse-fcgi: fcgi/sse-fcgi$(EXEEXT) %D%/completion-of
	$(AM_V_GEN)$(MKDIR_P) %D%/bash && \
		$(COMPLETION) bash fcgi/sse-fcgi >$@.new && mv $@.new $@
%D%/zsh/_sse-cgi: cgi/sse-cgi$(EXEEXT) %D%/completion-of
	$(AM_V_GEN)$(MKDIR_P) %D%/zsh && \
		$(COMPLETION) zsh cgi/sse-cgi >$@.new && mv $@.new $@
%D%/zsh/_sse-fcgi: fcgi/sse-fcgi$(EXEEXT) %D%/completion-of
	$(AM_V_GEN)$(MKDIR_P) %D%/zsh && \
		$(COMPLETION) zsh fcgi/sse-fcgi >$@.new && mv $@.new $@

# One line includes each: "include /usr/share/ssekit/nginx.conf;".
snippetsdir = $(pkgdatadir)
dist_snippets_DATA = %D%/snippets/nginx.conf %D%/snippets/lighttpd.conf \
	%D%/snippets/apache.conf %D%/snippets/ssekit.conf

EXTRA_DIST += %D%/completion-of %D%/source-date %D%/README.md \
	%D%/build-deb %D%/try-debian \
	%D%/debian %D%/ssekit.spec %D%/APKBUILD %D%/Containerfile \
	%D%/container

# The pages say where this build puts the programs and their configuration.
install-data-hook:
	for page in $(DESTDIR)$(man1dir)/sse-cgi.1 \
		$(DESTDIR)$(man5dir)/ssekit.conf.5 \
		$(DESTDIR)$(man8dir)/sse-fcgi.8; do \
		test -f $$page || continue; \
		sed -e 's|/usr/bin/sse-|$(bindir)/sse-|g' \
			-e 's|/etc/ssekit\.conf|$(sysconfdir)/ssekit.conf|g' \
			$$page >$$page.new && mv $$page.new $$page || exit 1; \
		chmod 644 $$page; \
	done

# The folders that were made for nothing else.
uninstall-hook:
	for folder in $(DESTDIR)$(docdir) $(DESTDIR)$(pkgdatadir); do \
		test ! -d $$folder || find $$folder -depth -type d \
			-exec rmdir {} \; 2>/dev/null || :; \
	done
