# The page that a stream's URL shows in a browser.  A module stands behind what
# it imports: see make-page.
viewer_modules = \
	%D%/turns.mjs %D%/begin.mjs %D%/decode.mjs %D%/levels.mjs \
	%D%/ansi.mjs %D%/json.mjs %D%/pieces.mjs %D%/lines.mjs \
	%D%/rows.mjs %D%/filter.mjs %D%/rate.mjs %D%/fragment.mjs \
	%D%/connection.mjs %D%/leader.mjs \
	%D%/share.mjs %D%/feed.mjs %D%/keys.mjs %D%/row.mjs %D%/streams.mjs \
	%D%/view.mjs %D%/older.mjs %D%/header.mjs %D%/place.mjs \
	%D%/commands.mjs %D%/main.mjs
viewer_sources = %D%/viewer.html %D%/viewer.css %D%/early.mjs \
	$(viewer_modules)
EXTRA_DIST += $(viewer_sources) %D%/README.md \
	%D%/make-page %D%/make-policy %D%/make-array
noinst_DATA += %D%/page.html %D%/policy
CLEANFILES += %D%/page.html %D%/policy %D%/page.c

%D%/page.html: $(viewer_sources) %D%/make-page %D%/local.mk
	$(AM_V_GEN)$(MKDIR_P) %D% && cd $(srcdir) && \
		$(SHELL) %D%/make-page $(viewer_sources) \
		>$(abs_builddir)/$@.new && \
		mv $(abs_builddir)/$@.new $(abs_builddir)/$@

%D%/policy: %D%/page.html %D%/make-policy
	$(AM_V_GEN)$(SHELL) $(srcdir)/%D%/make-policy %D%/page.html \
		>$@.new && mv $@.new $@

%D%/page.c: %D%/page.html %D%/policy %D%/make-array
	$(AM_V_GEN)$(SHELL) $(srcdir)/%D%/make-array %D%/page.html %D%/policy \
		>$@.new && mv $@.new $@

# A page of somebody else is made of them, too: examples/page/index.html.
example_modulesdir = $(docdir)/examples/viewer
example_modules_DATA = $(viewer_modules)
