/*
 * cppcheck.h - for cppcheck alone, which reads no header of the system: the
 * macros of sys/queue.h that declare something.
 */
#define LIST_HEAD(name, type)           \
	struct name {                   \
		struct type *lh_first;  \
	}
#define LIST_ENTRY(type)                \
	struct {                        \
		struct type *le_next;   \
		struct type **le_prev;  \
	}
#define TAILQ_HEAD(name, type)          \
	struct name {                   \
		struct type *tqh_first; \
		struct type **tqh_last; \
	}
#define TAILQ_ENTRY(type)               \
	struct {                        \
		struct type *tqe_next;  \
		struct type **tqe_prev; \
	}
#define LIST_FOREACH(at, head, entry) \
	for ((at) = (head)->lh_first; (at) != NULL; (at) = (at)->entry.le_next)
#define TAILQ_FOREACH(at, head, entry)                \
	for ((at) = (head)->tqh_first; (at) != NULL; \
	     (at) = (at)->entry.tqe_next)
