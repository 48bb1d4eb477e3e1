#ifndef FZ_MUTATE_H
#define FZ_MUTATE_H

/* mutate: small changes to the inputs of the targets, that know what these are made of.
 *
 * What begins with a byte of which the top bit is set is a program (program.h), anything else a stream: a trace with its
 * header or without, or a piece of one. Of streams, batches are found by reading them, and changed as a whole: types,
 * generations (the next, a gap, a step back, 0, 2^64 - 1), threads, times, payloads, frequency and sync batches, end
 * marks, experimental batches, sizes that lie, and numbers written longer than need be or longer than is allowed. Of
 * programs the operations are changed, their numbers (limits, times, sizes), how writes are split, and the streams in
 * writes as above.
 *
 * Pure: the same arguments give the same bytes. */

#include <stddef.h>
#include <stdint.h>

/* Changes buf[0 .. len - 1], of which there is room for cap >= len, and says how long it is then: at most cap, and 0
 * only if cap is. */
size_t fz_mutate(uint8_t *buf, size_t len, size_t cap, uint32_t seed);

#endif
