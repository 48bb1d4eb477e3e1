#ifndef FLIGHTSPEC_VALUE_H
#define FLIGHTSPEC_VALUE_H

/* value: numbers and bytes in JSON, as the case format has them: 64-bit numbers as decimal strings, bytes as hex. */

#include "store.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>

/* What is wrong with a value, and with which. */
typedef struct {
  const char *where, *what; /* what is NULL: nothing */
  char name[32];            /* for where, if it would not live on */
} value_fault;

/* Says what is wrong; returns NULL. */
void *value_wrong(value_fault *f, const char *where, const char *what);

/* The number that an object has under a key; one that is left out stays as it is. False: the fault in *f. */
bool value_unsigned(const json_t *object, const char *key, uint64_t *value, value_fault *f);
bool value_signed(const json_t *object, const char *key, int64_t *value, value_fault *f);

/* A size without a sign; the greatest int64_t stands for all above it, which nothing can reach. */
bool value_size(const json_t *object, const char *key, int64_t *value, value_fault *f);

/* The bytes of a hex string, in a buffer that grows. */
bool value_bytes(const json_t *hex, uint8_t **bytes, size_t *cap, size_t *len, value_fault *f);

/* Checks that an object has no other keys, each of which stands between spaces: a misspelt one would be left out
 * silently. False: the fault in *f. */
bool value_only_keys(const json_t *object, const char *keys, value_fault *f);

/* A name from outside; where it is not UTF-8 all bytes that are not ASCII become `?`. */
json_t *value_text(const char *text);

/* A 64-bit number as a decimal string. */
json_t *value_number(uint64_t number);

/* Prints the object as one line, and gives it back. Out of memory ends the program. */
void value_print(json_t *object);

void value_set_unsigned(json_t *object, const char *key, uint64_t value);
void value_set_signed(json_t *object, const char *key, int64_t value);
void value_set_bytes(json_t *object, const char *key, const fr_segment *segments, size_t n);

#endif
