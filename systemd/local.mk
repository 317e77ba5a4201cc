# A service and its socket.
EXTRA_DIST += %D%/sse-fcgi.service.in

if WITH_SYSTEMD
systemdsystemunitdir = $(SYSTEMD_UNIT_DIR)
nodist_systemdsystemunit_DATA = %D%/sse-fcgi.service
dist_systemdsystemunit_DATA = %D%/sse-fcgi.socket
CLEANFILES += %D%/sse-fcgi.service
endif

%D%/sse-fcgi.service: %D%/sse-fcgi.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed \
		-e 's|@bindir[@]|$(bindir)|g' \
		-e 's|@sysconfdir[@]|$(sysconfdir)|g' \
		$(srcdir)/%D%/sse-fcgi.service.in >$@.new && mv $@.new $@
