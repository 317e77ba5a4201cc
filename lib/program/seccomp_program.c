/*
 * seccomp_program.c - the list of system calls, and the program that it is.
 *
 * Calls that are allowed whatever their arguments are the kernel looks up in a
 * bitmap that it makes once.
 */
#include "config.h"

#include "program/seccomp_program.h"

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

#define DEADLY (-1)        /* in place of an error */
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

    /* Nothing of ours could call these. */
    REFUSE(execve, DEADLY),
    REFUSE(execveat, DEADLY),
    REFUSE(ptrace, DEADLY),
    REFUSE(process_vm_readv, DEADLY),
    REFUSE(process_vm_writev, DEADLY),
    REFUSE(bpf, DEADLY),
    REFUSE(init_module, DEADLY),
    REFUSE(finit_module, DEADLY),
    REFUSE(kexec_load, DEADLY),
    REFUSE(mount, DEADLY),
    REFUSE(pivot_root, DEADLY),
    REFUSE(chroot, DEADLY),
    REFUSE(setns, DEADLY),
    REFUSE(unshare, DEADLY),
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TEST_SIZE 3 /* instructions */
#define RULE_SIZE_MAX (3 + TESTS_MAX * TEST_SIZE)
#define BRANCH_SIZE 1
/*
 * Those that are looked at one after the other: fewer make the program longer,
 * which costs more than it saves.
 */
#define LEAF_CALLS 7
#define LONGEST (8 + COUNT(rules) * (RULE_SIZE_MAX + BRANCH_SIZE + 1))

/* The rules that count, by the numbers of the calls. */
struct order {
	const struct rule *lines[COUNT(rules)];
	size_t count;
};

static_assert(LONGEST <= SECCOMP_PROGRAM_MAX, "there is room");

static void
put(struct seccomp_program *program, struct sock_filter instruction)
{
	assert(program->size < SECCOMP_PROGRAM_MAX);
	program->code[program->size++] = instruction;
}

static void
put_load(struct seccomp_program *program, size_t offset)
{
	put(program, (struct sock_filter)BPF_STMT(
			 BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset));
}

/* Where it is not equal, so many instructions are passed over. */
static void
put_skip_unless(
    struct seccomp_program *program, uint32_t value, uint8_t skipped)
{
	put(program, (struct sock_filter)BPF_JUMP(
			 BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped));
}

static void
put_return(struct seccomp_program *program, uint32_t action)
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
put_test(
    struct seccomp_program *program, const struct test *test, size_t skipped)
{
	put_load(program, argument_offset(test->argument));
	put(program, (struct sock_filter)BPF_STMT(
			 BPF_ALU | BPF_AND | BPF_K, test->mask));
	if (test->is_self)
		program->self = program->size;
	put_skip_unless(program, test->value, (uint8_t)skipped);
}

static uint32_t
action_of(const struct rule *rule)
{
	if (rule->error == DEADLY)
		return SECCOMP_RET_KILL_PROCESS;
	return rule->error == 0 ? SECCOMP_RET_ALLOW
				: SECCOMP_RET_ERRNO | (uint32_t)rule->error;
}

/* The number of the call is what is loaded before it and behind it. */
static void
put_rule(struct seccomp_program *program, const struct rule *rule)
{
	size_t tests = count_tests(rule);
	size_t rest = tests * TEST_SIZE + 1;

	put_skip_unless(program, (uint32_t)rule->number, (uint8_t)rest);
	for (size_t i = 0; i < tests; i++) {
		rest -= TEST_SIZE;
		put_test(program, &rule->tests[i], rest);
	}
	put_return(program, action_of(rule));
	if (tests > 0)
		put_load(program, offsetof(struct seccomp_data, nr));
}

/* Those of one call stay as they stand in the table. */
static void
put_in_order(struct order *order, const struct rule *rule)
{
	size_t at = order->count++;

	for (; at > 0 && order->lines[at - 1]->number > rule->number; at--)
		order->lines[at] = order->lines[at - 1];
	order->lines[at] = rule;
}

static void
make_order(struct order *order, unsigned needs)
{
	order->count = 0;
	for (size_t i = 0; i < COUNT(rules); i++)
		if ((rules[i].needs & needs) == rules[i].needs)
			put_in_order(order, &rules[i]);
}

/* The first line, from the middle on, that is of another call than before. */
static size_t
middle_of(const struct order *order, size_t begin, size_t end)
{
	size_t at = begin + (end - begin) / 2;

	while (at < end &&
	       order->lines[at]->number == order->lines[at - 1]->number)
		at++;
	return at;
}

static void
put_leaf(struct seccomp_program *program, const struct order *order,
    size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		put_rule(program, order->lines[i]);
	put_return(program, SECCOMP_RET_ERRNO | ENOSYS);
}

/*
 * A tree: for its bitmap the kernel goes through the program once for each call
 * that there is, whenever one is made.
 */
static void
put_tree(struct seccomp_program *program, const struct order *order,
    size_t begin, size_t end)
{
	size_t middle = begin, jump;

	if (end - begin > LEAF_CALLS)
		middle = middle_of(order, begin, end);
	if (middle == begin || middle == end) {
		put_leaf(program, order, begin, end);
		return;
	}
	jump = program->size;
	put(program, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K,
			 (uint32_t)order->lines[middle]->number, 0, 0));
	put_tree(program, order, begin, middle);
	/* It shows where a program is built. */
	assert(program->size - jump - 1 <= UINT8_MAX);
	program->code[jump].jt = (uint8_t)(program->size - jump - 1);
	put_tree(program, order, middle, end);
}

/* The calls of another architecture, as of i386 on x86-64, have no list. */
void
seccomp_program_make(struct seccomp_program *program, unsigned needs)
{
	struct order order;

	make_order(&order, needs);
	program->size = program->self = 0;
	put_load(program, offsetof(struct seccomp_data, arch));
	put(program, (struct sock_filter)BPF_JUMP(
			 BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	put_return(program, SECCOMP_RET_KILL_PROCESS);
	put_load(program, offsetof(struct seccomp_data, nr));
	put_tree(program, &order, 0, order.count);
}

#else

void
seccomp_program_make(struct seccomp_program *program, unsigned needs)
{
	(void)needs;
	program->size = program->self = 0;
}

#endif
