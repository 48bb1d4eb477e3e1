#ifndef FZ_READING_H
#define FZ_READING_H

/* reading: numbers and batches read a second time, from the prose of the rules and as plainly as can be, for the targets
 * that compare. Nothing here is shared with src/. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum { FZ_READ, FZ_CUT_SHORT, FZ_TOO_LARGE, FZ_UNKNOWN_TYPE, FZ_LONG_PAYLOAD } fz_reading;

/* The number at the start of p[0 .. len - 1], bit by bit, and how many bytes it takes; unchanged if it cannot be read.
 * Rules V-1, V-2, V-4, V-5. */
static inline fz_reading fz_read_number(const uint8_t *p, size_t len, uint64_t *value, size_t *used)
{
  uint64_t x = 0;
  for (size_t i = 0; i < len; i++) {
    for (size_t bit = 0; bit < 7; bit++) {
      const size_t place = 7 * i + bit;
      if ((p[i] >> bit & 1u) == 0) continue;
      if (place > 63) return FZ_TOO_LARGE;
      x |= UINT64_C(1) << place;
    }
    if (p[i] < 128) {
      *value = x;
      *used = i + 1;
      return FZ_READ;
    }
    if (i == 9) return FZ_TOO_LARGE;
  }
  return FZ_CUT_SHORT;
}

/* A batch as it lies in the bytes. Of an end mark all but the type is 0, and it is one byte long. */
typedef struct {
  uint8_t type, experiment;
  uint64_t field[4]; /* generation, thread, time, size */
  size_t header;     /* bytes before the payload */
  size_t whole;      /* bytes in all */
} fz_batch;

/* The batch at the start of p[0 .. len - 1]. `no_experiment`: the byte behind type 49 belongs to the number that follows
 * (E16). Rules B-1 to B-6. */
static inline fz_reading fz_read_batch(const uint8_t *p, size_t len, bool no_experiment, fz_batch *b)
{
  *b = (fz_batch){0};
  if (len == 0) return FZ_CUT_SHORT;
  b->type = p[0];
  b->header = b->whole = 1;
  if (p[0] == 52) return FZ_READ;
  if (p[0] != 1 && p[0] != 49) return FZ_UNKNOWN_TYPE;
  if (p[0] == 49 && !no_experiment) {
    if (len == 1) return FZ_CUT_SHORT;
    b->experiment = p[1];
    b->header = 2;
  }
  for (size_t i = 0; i < 4; i++) {
    size_t used = 0;
    const fz_reading reading = fz_read_number(p + b->header, len - b->header, &b->field[i], &used);
    if (reading != FZ_READ) return reading;
    b->header += used;
  }
  if (b->field[3] > 65536) return FZ_LONG_PAYLOAD;
  b->whole = b->header + (size_t)b->field[3];
  return b->whole <= len ? FZ_READ : FZ_CUT_SHORT;
}

#endif
