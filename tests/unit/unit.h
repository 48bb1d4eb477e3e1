#ifndef UNIT_H
#define UNIT_H

/* What every unit test includes: cmocka with its four prerequisites, and inputs whose end the sanitizer can see. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* A string literal as bytes and their number, its final NUL left out. */
#define BYTES(literal) (const uint8_t *)(literal), sizeof(literal) - 1

/* A copy of p[0 .. n - 1] in a block of exactly n bytes; free it. */
static inline uint8_t *exact(const uint8_t *p, size_t n)
{
  uint8_t *copy = malloc(n ? n : 1);
  assert_non_null(copy);
  if (n) memcpy(copy, p, n);
  return copy;
}

#endif
