# Configurations that start as they are, the page, and all of it at once.
EXTRA_DIST += %D%/quickstart %D%/page/index.html \
	%D%/apache/httpd.conf %D%/apache/sse-fcgi.conf \
	%D%/caddy/Caddyfile \
	%D%/haproxy/haproxy.cfg %D%/haproxy/restarting.http \
	%D%/lighttpd/lighttpd.conf %D%/lighttpd/sse-fcgi.conf \
	%D%/nginx/fcgiwrap.conf %D%/nginx/sse-fcgi.conf \
	%D%/cgi-bin/pipeline
