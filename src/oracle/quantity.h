#ifndef FLIGHTSPEC_QUANTITY_H
#define FLIGHTSPEC_QUANTITY_H

/* quantity: sizes and durations as people write them. */

#include <stdbool.h>
#include <stdint.h>

/* Bytes: a decimal number, then nothing, or k, M, G (1024 times each; also in capitals, also with iB behind).
 * False: not one, or 2^64 and more. */
bool quantity_bytes(const char *text, uint64_t *bytes);

/* Nanoseconds: a sum of decimal numbers, each with its unit (ns, us, ms, s, m, h), as Go writes durations: 10s, 1m30s,
 * 1.5h; 0 needs no unit. False: not one, or 2^63 and more, or negative. */
bool quantity_duration(const char *text, int64_t *ns);

/* Seconds, as short as they can be said exactly: 0 s, 10 s, 0.000000001 s, -1.5 s. */
#define QUANTITY_SECONDS 32
void quantity_seconds(char text[QUANTITY_SECONDS], int64_t ns);

#endif
