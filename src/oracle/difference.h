#ifndef FLIGHTSPEC_DIFFERENCE_H
#define FLIGHTSPEC_DIFFERENCE_H

/* difference: where two outcomes of a case part, and how that is shown. */

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

typedef struct {
  size_t op;                /* index of the operation */
  char field[64];           /* of its outcome, as `status` or `ring[1].size`; empty: all of it */
  const json_t *want, *got; /* what is there; NULL: nothing. They live as long as the outcomes. */
} difference;

/* Finds the first: by operation, and in one by the order of the wanted fields. False: the lists are the same. */
bool difference_find(const json_t *want, const json_t *got, difference *d);

/* Names its kind, as `write.status: want bad_size, got ok`; the same for all that look alike. */
void difference_kind(const difference *d, const json_t *ops, char *text, size_t size);

/* Prints both side by side, bytes from the first that differs, and what the batch there says. */
void difference_print(FILE *out, const difference *d);

#endif
