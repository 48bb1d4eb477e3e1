#ifndef FLIGHTSPEC_OUTPUT_H
#define FLIGHTSPEC_OUTPUT_H

/* output: a file that is there as a whole or not at all. */

#include "store.h"
#include <stdbool.h>

/* Writes the segments, one behind the other, to the file, or to standard output for `-`. A regular file is made
 * beside its place and then put there; until then, and after every failure, what was there before stays as it was, and
 * nothing else is left. A device or pipe is written to directly. False: told on standard error. */
bool output_write(const char *path, const fr_segment *segments, int count);

/* Flushes standard output. False: some of what was printed could not be written; told on standard error, once. It is to
 * be called right behind the printing that may have failed, since errno says why. */
bool output_flush(void);

#endif
