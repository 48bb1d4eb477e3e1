#ifndef FLIGHTSPEC_PACKED_H
#define FLIGHTSPEC_PACKED_H

/* packed: reads what tests/machines/pack has written, one thing after the other. */

#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint8_t *at;
} packed;

/* A number in so many bytes, the least one first. */
static inline uint64_t take_number(packed *in, unsigned bytes)
{
  uint64_t number = 0;
  for (unsigned i = 0; i < bytes; i++) number |= (uint64_t)*in->at++ << 8 * i;
  return number;
}

/* A run of bytes, which stays where it is. */
static inline const uint8_t *take_run(packed *in, size_t *len)
{
  *len = (size_t)take_number(in, 4);
  const uint8_t *run = in->at;
  in->at += *len;
  return run;
}

#endif
