#ifndef FR_UNNUMBERED_H
#define FR_UNNUMBERED_H

/* unnumbered: the bytes of an active generation whose number is not known yet.
 *
 * The x/exp recorders take generation 0 for one without a number: its batches get the number of the first batch that
 * has another one (erratum E4), and only then is it known how long their headers are. Until then each batch is a record
 * in the arena, which begins with FR_RECORD_PREFIX bytes: whether a header is to be written, how many bytes follow, and
 * room. When the number comes, all records are turned into what the snapshot shows, in place, from the oldest on: what
 * is written is never longer than what was read.
 *
 * Limits: only for the active generation; a complete one always has its number. */

#include "ring.h"
#include <stdbool.h>

#define FR_RECORD_PREFIX 11u /* type and a generation number of any length fit */

/* Writes the prefix of a record whose body is n bytes long, n < 2^32, to prefix. `batch`: type and generation number are
 * to be written before the body. */
void fr_unnumbered_prefix(uint8_t prefix[FR_RECORD_PREFIX], bool batch, size_t n);

/* Turns the records of the active generation, which consists of nothing else, into batches of generation gen. Labels,
 * accounted sizes and complete generations stay. Rule G-8. */
void fr_unnumbered_settle(fr_ring *r, uint64_t gen);

#endif
