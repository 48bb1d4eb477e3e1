#ifndef FLIGHTSPEC_TIMELINE_H
#define FLIGHTSPEC_TIMELINE_H

/* timeline: a picture (SVG 1.1) of what a recorder kept, and for how long.
 *
 * A row for each of the last TIMELINE_ROWS generations: from its minimum time to its completion it is recorded, from then
 * to the rotation that drops it, or to the end, it is kept. Below, the bytes kept after each rotation, next to the limit.
 * Times count from the begin of the oldest row. */

#include "rotation.h"

#define TIMELINE_ROWS 100u

typedef struct timeline timeline;

/* NULL: out of memory. */
timeline *timeline_open(void);

void timeline_add(timeline *t, const rotation *r);

/* All generations were forgotten. */
void timeline_forget(timeline *t);

/* Writes the picture, which bears this name, as a whole or not at all. False: told on standard error. */
bool timeline_write(const timeline *t, const char *name, const char *path);

void timeline_close(timeline *t);

#endif
