dist_man_MANS += %D%/sse-cgi.1
