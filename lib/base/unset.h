/*
 * unset.h - large arrays that stay as they are until they are written to.
 *
 * A hardened build sets all that is on the stack to zeros.  Of what a call of
 * the system fills that costs more than the call.
 */
#ifndef UNSET_H
#define UNSET_H

#ifdef __has_attribute
#if __has_attribute(uninitialized)
#define UNSET __attribute__((uninitialized))
#endif
#endif
#ifndef UNSET
#define UNSET
#endif

#endif
