/*
 * seccomp_print.c - prints, when it is built, what sse-cgi would have to make
 * at each start: seccomp_made.c.
 */
#include "config.h"

#include <stdio.h>

#include "program/seccomp_program.h"

static void
print_code(const struct seccomp_program *program, unsigned needs)
{
	printf("\nstatic const struct sock_filter code_%u[] = {\n", needs);
	for (size_t i = 0; i < program->size; i++)
		printf("    {%u, %u, %u, %uu},\n", program->code[i].code,
		    program->code[i].jt, program->code[i].jf,
		    program->code[i].k);
	printf("};\n");
}

static void
print_choice(const struct seccomp_program *program, unsigned needs)
{
	if (program->size == 0)
		return;
	printf("\tcase %u:\n\t\treturn (struct seccomp_made)"
	       "{code_%u, %zu, %zu};\n",
	    needs, needs, program->size, program->self);
}

int
main(void)
{
	static struct seccomp_program program;

	printf("/* Made by seccomp_print.c. */\n"
	       "#include \"program/seccomp_program.h\"\n");
	for (unsigned needs = 0; needs <= SECCOMP_NEEDS_OF_ONE; needs++) {
		seccomp_program_make(&program, needs);
		if (program.size > 0)
			print_code(&program, needs);
	}
	printf("\nstruct seccomp_made\nseccomp_made(unsigned needs)\n{\n"
	       "\tswitch (needs) {\n");
	for (unsigned needs = 0; needs <= SECCOMP_NEEDS_OF_ONE; needs++) {
		seccomp_program_make(&program, needs);
		print_choice(&program, needs);
	}
	printf("\tdefault:\n\t\treturn (struct seccomp_made){0};\n\t}\n}\n");
	return fflush(stdout) == 0 ? 0 : 1;
}
