/*
 * libfuzzer.c - the targets for clang's libFuzzer: FUZZ_TARGET names the one
 * that gets the inputs.
 */
#include "config.h"

#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	fuzz_begin();
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct fuzz_target *target;

	if (target == NULL) {
		const char *name = getenv("FUZZ_TARGET");

		target = name != NULL ? fuzz_target_named(name) : NULL;
		REQUIRE(target != NULL);
	}
	target->run((struct sse_slice){(const char *)data, size});
	return 0;
}
