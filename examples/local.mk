# Configurations that start as they are, the page, and all of it at once.
EXTRA_DIST += %D%/quickstart %D%/page/index.html \
	%D%/apache/httpd.conf %D%/lighttpd/lighttpd.conf \
	%D%/nginx/fcgiwrap.conf %D%/cgi-bin/pipeline
