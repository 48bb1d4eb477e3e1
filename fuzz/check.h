#ifndef FZ_CHECK_H
#define FZ_CHECK_H

/* check: how a target says that its property is broken. A target defines FZ_TARGET, its name, and includes this. */

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* What every engine calls: one input. Always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Prints `TARGET: what, where (rule)` to standard error and aborts, which every engine takes for a finding. The format
 * is to say what and where; the rule is an id of spec/rules.md, or several. */
static inline _Noreturn __attribute__((format(printf, 2, 3))) void fz_fail(const char *rule, const char *format, ...)
{
  va_list args;
  fputs(FZ_TARGET ": ", stderr);
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fprintf(stderr, " (%s)\n", rule);
  abort();
}

#endif
