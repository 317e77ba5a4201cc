/*
 * Each case is tried by a process of its own.  In a build with sanitizers there
 * is no filter, and the tests say so.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "confined.h"
#include "program/seccomp_filter.h"

static unsigned needs;

static int
confine(void)
{
	return -seccomp_filter_enter(needs);
}

static int
try_nothing(void)
{
	return 0;
}

/* 0, or why it failed. */
static int
said(long got)
{
	return got >= 0 ? 0 : errno;
}

static int
try_read(void)
{
	return said(open("/dev/null", O_RDONLY));
}

static int
try_make(void)
{
	return said(open("/dev/null", O_WRONLY | O_CREAT, 0600));
}

static int
try_fork(void)
{
	return said(fork());
}

static int
try_thread(void)
{
	return said(
	    syscall(SYS_clone, CLONE_VM | CLONE_FS | SIGCHLD, 0, 0, 0, 0));
}

static int
try_execute(void)
{
	return said(execl("/bin/true", "true", (char *)NULL));
}

static int
try_trace(void)
{
	return said(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int
try_unshare(void)
{
	return said(unshare(CLONE_NEWUSER));
}

static int
try_local(void)
{
	return said(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int
try_tcp(void)
{
	return said(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int
try_udp(void)
{
	return said(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static int
try_netlink(void)
{
	return said(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int
try_listen(void)
{
	return said(listen(0, 1));
}

/* Of a descriptor that is none: what is asked is whether it is looked at. */
static int
try_connect(void)
{
	return said(connect(-1, NULL, 0));
}

static int
try_accept(void)
{
	return said(accept4(-1, NULL, NULL, 0));
}

static int
map(int protection)
{
	void *page =
	    mmap(NULL, 1, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page != MAP_FAILED ? 0 : errno;
}

static int
try_memory(void)
{
	return map(PROT_READ | PROT_WRITE);
}

static int
try_code(void)
{
	return map(PROT_READ | PROT_WRITE | PROT_EXEC);
}

static int
try_to_make_code(void)
{
	long size = sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return said(mprotect(page, (size_t)size, PROT_READ | PROT_EXEC));
}

static int
try_terminal(void)
{
	struct termios settings;

	return said(ioctl(-1, TCGETS, &settings));
}

static int
try_to_type(void)
{
	return said(ioctl(-1, TIOCSTI, "x"));
}

static int
try_signal(void)
{
	return said(kill(getppid(), 0));
}

static int
try_signal_itself(void)
{
	return said(syscall(SYS_tgkill, getpid(), gettid(), 0));
}

static int
try_signal_thread(void)
{
	return said(syscall(SYS_tgkill, getppid(), getppid(), 0));
}

static int
try_limits(void)
{
	return said(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, NULL));
}

static int
try_limits_of_another(void)
{
	return said(
	    syscall(SYS_prlimit64, getppid(), RLIMIT_NOFILE, NULL, NULL));
}

#define DIES (CONFINED_DIED + SIGSYS)
#define BOTH (SECCOMP_LOCAL | SECCOMP_TCP)

TEST(what_is_not_on_the_list_is_not_done)
{
	static const struct {
		const char *what;
		confined_function *attempt;
		unsigned needs;
		int error;
	} table[] = {
	    {"read", try_read, 0, 0},
	    {"make a file", try_make, 0, EACCES},
	    {"make a file that is needed", try_make, SECCOMP_MAKE, 0},
	    {"fork", try_fork, 0, ENOSYS},
	    {"fork of a server", try_fork, SECCOMP_SERVE, ENOSYS},
	    {"clone", try_thread, 0, ENOSYS},
	    {"execve", try_execute, 0, DIES},
	    {"ptrace", try_trace, 0, DIES},
	    {"unshare", try_unshare, 0, DIES},
	    {"a local socket", try_local, 0, EAFNOSUPPORT},
	    {"a local socket that is needed", try_local, SECCOMP_LOCAL, 0},
	    {"a local socket beside TCP", try_local, BOTH, 0},
	    {"TCP", try_tcp, 0, EAFNOSUPPORT},
	    {"TCP beside a local socket", try_tcp, SECCOMP_LOCAL, EAFNOSUPPORT},
	    {"TCP that is needed", try_tcp, SECCOMP_TCP, 0},
	    {"TCP, and both are needed", try_tcp, BOTH, 0},
	    {"UDP", try_udp, SECCOMP_TCP, EAFNOSUPPORT},
	    {"UDP beside a local socket", try_udp, SECCOMP_LOCAL, EAFNOSUPPORT},
	    {"UDP, and both are needed", try_udp, BOTH, EAFNOSUPPORT},
	    {"netlink", try_netlink, SECCOMP_LOCAL, EAFNOSUPPORT},
	    {"netlink beside TCP", try_netlink, SECCOMP_TCP, EAFNOSUPPORT},
	    {"netlink, and both are needed", try_netlink, BOTH, EAFNOSUPPORT},
	    {"listen", try_listen, SECCOMP_SERVE | BOTH, ENOSYS},
	    {"connect", try_connect, SECCOMP_SERVE, ENOSYS},
	    {"connect locally", try_connect, SECCOMP_LOCAL, EBADF},
	    {"connect by TCP", try_connect, SECCOMP_TCP, EBADF},
	    {"accept", try_accept, 0, ENOSYS},
	    {"accept of a server", try_accept, SECCOMP_SERVE, EBADF},
	    {"memory", try_memory, 0, 0},
	    {"memory for code", try_code, SECCOMP_SERVE, EACCES},
	    {"code out of memory", try_to_make_code, SECCOMP_SERVE, EACCES},
	    {"TCGETS", try_terminal, 0, EBADF},
	    {"TIOCSTI", try_to_type, 0, ENOTTY},
	    {"kill", try_signal, 0, ENOSYS},
	    {"tgkill", try_signal_thread, 0, EPERM},
	    {"tgkill of itself", try_signal_itself, 0, 0},
	    {"limits", try_limits, 0, 0},
	    {"limits of another", try_limits_of_another, 0, EPERM},
	};

	if (confined(confine, try_nothing) == ENOSYS) {
		printf("# this build, or this kernel, has no filter\n");
		return;
	}
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		printf("# %s\n", table[i].what);
		needs = table[i].needs;
		CHECK_EQUAL_INT(
		    confined(confine, table[i].attempt), table[i].error);
	}
}

/* A second one can only take more away. */
TEST(a_filter_cannot_be_widened)
{
	if (confined(confine, try_nothing) == ENOSYS)
		return;
	needs = SECCOMP_MAKE;
	CHECK_EQUAL_INT(confined(confine, confine), ENOSYS);
}

/* Where it was built for this machine; elsewhere there is none. */
TEST(what_was_made_at_build_time_is_what_would_be_made)
{
	static struct seccomp_program program;

	for (unsigned i = 0; i <= SECCOMP_NEEDS_OF_ONE; i++) {
		struct seccomp_made made = seccomp_made(i);

		seccomp_program_make(&program, i);
		if (made.size == 0)
			printf("# none was made, of %zu\n", program.size);
		else
			CHECK_EQUAL_INT(made.size, program.size);
		CHECK_EQUAL_INT(made.self, made.size > 0 ? program.self : 0);
		CHECK(memcmp(made.code != NULL ? made.code : program.code,
			  program.code, made.size * sizeof(*made.code)) == 0);
	}
	CHECK(seccomp_made(SECCOMP_SERVE).size == 0);
}
