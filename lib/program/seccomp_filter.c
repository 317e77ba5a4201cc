/*
 * seccomp_filter.c - a list of system calls as a program for the kernel.
 *
 * The list is a table that the compiler fills in, and the program is put
 * together from it in microseconds, without a library: sse-cgi does so for each
 * client.  Calls that are allowed whatever their arguments are the kernel looks
 * up in a bitmap that it makes once.
 */
#include "config.h"

#include "program/seccomp_filter.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(WITH_INSTRUMENTS)
#undef ARCHITECTURE
#elif defined(__x86_64__) && defined(__LP64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__LP64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCHITECTURE AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCHITECTURE AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define ARCHITECTURE AUDIT_ARCH_S390X
#endif

#ifdef ARCHITECTURE

#define TYPE_OF_SOCKET 0xf /* its flags are above */
#define TESTS_MAX 2

/* argument & mask == value; what is looked at are ints. */
struct test {
	int argument;
	uint32_t mask; /* 0: there is no test */
	uint32_t value;
	bool is_self; /* the value is this process's id */
};

/* The first that is true decides. */
struct rule {
	int number;
	unsigned needs; /* all of these, or it does not count */
	int error;      /* that the call fails with; 0: it is allowed */
	struct test tests[TESTS_MAX];
};

#define ALLOW(name)                  \
	{                            \
		.number = SYS_##name \
	}
#define ALLOW_FOR(name, need)                         \
	{                                             \
		.number = SYS_##name, .needs = (need) \
	}
#define EQUAL(index, bits, wanted)                             \
	{                                                      \
		.argument = (index), .mask = (uint32_t)(bits), \
		.value = (uint32_t)(wanted)                    \
	}
#define ANY UINT32_MAX
#define REFUSE(name, otherwise)                            \
	{                                                  \
		.number = SYS_##name, .error = (otherwise) \
	}
#define MAKES (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))

/* Those that are called most come first: old kernels have no bitmap. */
static const struct rule rules[] = {
    ALLOW(read),
    ALLOW(write),
    ALLOW(pread64),
    ALLOW(sendto),
    ALLOW(sendmsg),
    ALLOW(recvfrom),
#ifdef SYS_epoll_wait
    ALLOW_FOR(epoll_wait, SECCOMP_SERVE),
#endif
    ALLOW_FOR(epoll_pwait, SECCOMP_SERVE),
#ifdef SYS_epoll_pwait2
    ALLOW_FOR(epoll_pwait2, SECCOMP_SERVE),
#endif
    ALLOW_FOR(epoll_ctl, SECCOMP_SERVE),
#ifdef SYS_poll
    ALLOW(poll),
#endif
    ALLOW(ppoll),
    ALLOW(close),
    ALLOW(fstat),
    ALLOW(statx),
    ALLOW(newfstatat),
    ALLOW(lseek),
    ALLOW(fcntl),
    ALLOW(clock_gettime),
    ALLOW(readv),
    ALLOW(writev),
    ALLOW(preadv),
    ALLOW(recvmsg),
    ALLOW(brk),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW(futex),
    ALLOW(readlinkat),
    ALLOW(getdents64),
    ALLOW(inotify_init1),
    ALLOW(inotify_add_watch),
    ALLOW(inotify_rm_watch),
    ALLOW(fstatfs),
    ALLOW(statfs),
    ALLOW(faccessat),
#ifdef SYS_faccessat2
    ALLOW(faccessat2),
#endif
#ifdef SYS_openat2
    /* Its flags are in memory: what is made is Landlock's to judge. */
    ALLOW(openat2),
#endif
#ifdef SYS_stat
    ALLOW(stat),
    ALLOW(lstat),
    ALLOW(access),
    ALLOW(readlink),
#endif
    ALLOW(getcwd),
    ALLOW(flock),
    ALLOW(fadvise64),
    ALLOW(getrandom),
    ALLOW(gettimeofday),
    ALLOW(clock_getres),
#ifdef SYS_time
    ALLOW(time),
#endif
    ALLOW(getpid),
    ALLOW(gettid),
    ALLOW(getuid),
    ALLOW(geteuid),
    ALLOW(getgid),
    ALLOW(getegid),
    ALLOW(getgroups),
    ALLOW(uname),
    ALLOW(sched_yield),
    ALLOW(rt_sigaction),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigreturn),
    ALLOW(restart_syscall),
    ALLOW(exit),
    ALLOW(exit_group),
    ALLOW(getsockopt),
    ALLOW(getsockname),
    ALLOW(getpeername),
    ALLOW(shutdown),
    ALLOW_FOR(setsockopt, SECCOMP_SERVE),
    ALLOW_FOR(accept4, SECCOMP_SERVE),
    ALLOW_FOR(accept, SECCOMP_SERVE),
    ALLOW_FOR(memfd_create, SECCOMP_SERVE),
    ALLOW_FOR(ftruncate, SECCOMP_SERVE),
    ALLOW_FOR(unlinkat, SECCOMP_SERVE),
#ifdef SYS_unlink
    ALLOW_FOR(unlink, SECCOMP_SERVE),
#endif
    ALLOW_FOR(setsockopt, SECCOMP_TCP),
    ALLOW_FOR(connect, SECCOMP_LOCAL),
    ALLOW_FOR(connect, SECCOMP_TCP),

    /* With what is looked at.  The ports are Landlock's to judge. */
    ALLOW_FOR(openat, SECCOMP_MAKE),
    {.number = SYS_openat, .tests = {EQUAL(2, MAKES, 0)}},
    REFUSE(openat, EACCES),
#ifdef SYS_open
    {.number = SYS_open, .tests = {EQUAL(1, MAKES, 0)}},
    REFUSE(open, EACCES),
#endif
    {.number = SYS_mmap, .tests = {EQUAL(2, PROT_EXEC, 0)}},
    REFUSE(mmap, EACCES),
    {.number = SYS_mprotect, .tests = {EQUAL(2, PROT_EXEC, 0)}},
    REFUSE(mprotect, EACCES),
    {.number = SYS_ioctl, .tests = {EQUAL(1, ANY, TCGETS)}},
    REFUSE(ioctl, ENOTTY),
    {.number = SYS_tgkill, .tests = {{.mask = ANY, .is_self = true}}},
    REFUSE(tgkill, EPERM),
    {.number = SYS_prlimit64, .tests = {EQUAL(0, ANY, 0)}},
    REFUSE(prlimit64, EPERM),
    {.number = SYS_socketpair, .tests = {EQUAL(0, ANY, AF_UNIX)}},
    REFUSE(socketpair, EAFNOSUPPORT),
    {.number = SYS_socket,
	.needs = SECCOMP_LOCAL,
	.tests = {EQUAL(0, ANY, AF_UNIX)}},
    {.number = SYS_socket,
	.needs = SECCOMP_TCP,
	.tests = {EQUAL(0, ANY, AF_INET),
	    EQUAL(1, TYPE_OF_SOCKET, SOCK_STREAM)}},
    {.number = SYS_socket,
	.needs = SECCOMP_TCP,
	.tests = {EQUAL(0, ANY, AF_INET6),
	    EQUAL(1, TYPE_OF_SOCKET, SOCK_STREAM)}},
    REFUSE(socket, EAFNOSUPPORT),
};

/* Nothing of ours could call these. */
static const int deadly[] = {
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_bpf,
    SYS_init_module,
    SYS_finit_module,
    SYS_kexec_load,
    SYS_mount,
    SYS_pivot_root,
    SYS_chroot,
    SYS_setns,
    SYS_unshare,
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEST_SIZE 3 /* instructions */
#define RULE_SIZE_MAX (3 + TESTS_MAX * TEST_SIZE)
#define PROGRAM_MAX (8 + COUNT(deadly) * 2 + COUNT(rules) * RULE_SIZE_MAX)

/* Each jump is over a few instructions: there is no farther one to get wrong */
struct program {
	struct sock_filter code[PROGRAM_MAX];
	size_t size;
};

static_assert(PROGRAM_MAX <= BPF_MAXINSNS, "the kernel takes it");

static void
put(struct program *program, struct sock_filter instruction)
{
	assert(program->size < PROGRAM_MAX);
	program->code[program->size++] = instruction;
}

static void
put_load(struct program *program, size_t offset)
{
	put(program, (struct sock_filter)BPF_STMT(
			 BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Where it is not equal, so many instructions are passed over. */
static void
put_skip_unless(struct program *program, uint32_t value, uint8_t skipped)
{
	put(program, (struct sock_filter)BPF_JUMP(
			 BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

static void
put_return(struct program *program, uint32_t action)
{
	put(program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

/* The lower half of an argument. */
static size_t
argument_offset(int index)
{
	size_t half =
	    __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? sizeof(uint32_t) : 0;

	return offsetof(struct seccomp_data, args) +
	       (size_t)index * sizeof(uint64_t) + half;
}

static size_t
count_tests(const struct rule *rule)
{
	size_t count = 0;

	while (count < TESTS_MAX && rule->tests[count].mask != 0)
		count++;
	return count;
}

/* Where it is not true, so many instructions are passed over. */
static void
put_test(struct program *program, const struct test *test, size_t skipped)
{
	uint32_t value = test->is_self ? (uint32_t)getpid() : test->value;

	put_load(program, argument_offset(test->argument));
	put(program, (struct sock_filter)BPF_STMT(
			 BPF_ALU | BPF_AND | BPF_K, test->mask));
	put_skip_unless(program, value, (uint8_t)skipped);
}

/* The number of the call is what is loaded before it and behind it. */
static void
put_rule(struct program *program, const struct rule *rule)
{
	size_t tests = count_tests(rule);
	size_t rest = tests * TEST_SIZE + 1;

	put_skip_unless(program, (uint32_t)rule->number, (uint8_t)rest);
	for (size_t i = 0; i < tests; i++) {
		rest -= TEST_SIZE;
		put_test(program, &rule->tests[i], rest);
	}
	put_return(program, rule->error == 0
				? SECCOMP_RET_ALLOW
				: SECCOMP_RET_ERRNO | (uint32_t)rule->error);
	if (tests > 0)
		put_load(program, offsetof(struct seccomp_data, nr));
}

/* The calls of another architecture, as of i386 on x86-64, have no list. */
static void
make_program(struct program *program, unsigned needs)
{
	program->size = 0;
	put_load(program, offsetof(struct seccomp_data, arch));
	put(program, (struct sock_filter)BPF_JUMP(
			 BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	put_return(program, SECCOMP_RET_KILL_PROCESS);
	put_load(program, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < COUNT(rules); i++)
		if ((rules[i].needs & needs) == rules[i].needs)
			put_rule(program, &rules[i]);
	for (size_t i = 0; i < COUNT(deadly); i++) {
		put_skip_unless(program, (uint32_t)deadly[i], 1);
		put_return(program, SECCOMP_RET_KILL_PROCESS);
	}
	put_return(program, SECCOMP_RET_ERRNO | ENOSYS);
}

int
seccomp_filter_enter(unsigned needs)
{
	struct program program;
	struct sock_fprog text = {.filter = program.code};

	make_program(&program, needs);
	text.len = (unsigned short)program.size;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -errno;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &text, 0, 0) == 0)
		return 0;
	/* A kernel without filters says that it does not know the mode. */
	return errno == EINVAL ? -ENOSYS : -errno;
}

#else

int
seccomp_filter_enter(unsigned needs)
{
	(void)needs;
	return -ENOSYS;
}

#endif
