#ifndef FLIGHTSPEC_GENERATION_H
#define FLIGHTSPEC_GENERATION_H

/* generation: where one ends in a trace, and what its batches say together. */

#include "trace.h"

typedef struct {
  bool begun; /* it has a batch */
  bool ended; /* it has its end mark */
  uint64_t number;
  uint64_t offset;           /* of its first batch */
  uint64_t batches;          /* the end mark is none */
  uint64_t bytes;            /* stored, the end mark's byte included */
  uint64_t min_time;         /* the least and the greatest time of its batches, ticks; those of time 0 do not count; */
  uint64_t max_time;         /* 0: there is none */
  uint64_t ticks_per_second; /* 0: not known */
} generation;

/* Whether a batch belongs to this generation, as its first one or as a further one. */
bool generation_takes(const generation *g, const trace_batch *b);

/* Adds a batch that the generation takes. False: the fault in *f, and the generation is as before. */
bool generation_add(generation *g, const trace *t, const trace_batch *b, fault *f);

/* The same for a batch, no end mark, that is at fault: what it says of the frequency is left out. */
void generation_count(generation *g, const trace_batch *b);

#endif
