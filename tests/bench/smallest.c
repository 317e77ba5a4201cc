/*
 * smallest.c - the smallest CGI program that prints an event: what sse-cgi is
 * held against.
 */
#include <unistd.h>

static const char answer[] = "Content-Type: text/event-stream\r\n"
			     "\r\n"
			     "data: hello\n"
			     "\n";

int
main(void)
{
	return write(STDOUT_FILENO, answer, sizeof(answer) - 1) < 0;
}
