#ifndef FLIGHTSPEC_TRACE_H
#define FLIGHTSPEC_TRACE_H

/* trace: a trace file, or standard input, read batch by batch in constant memory. */

#include "batch.h"
#include "fault.h"
#include "header.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_OLDEST 22u          /* the first version that has batches */
#define TRACE_END_MARKS_SINCE 26u /* the first version that ends each generation with a mark */

typedef struct {
  const char *name; /* as messages show it */
  int fd;
  uint64_t start;  /* where in fd the trace begins */
  uint8_t *buffer; /* bytes read and not yet used up: from `at` up to `end` */
  size_t at, end;
  uint64_t offset; /* of buffer[at] in the trace */
  bool all_read;   /* fd has no more */
  uint8_t header[FR_HEADER_SIZE];
  uint32_t version;
} trace;

typedef struct {
  fr_batch head;
  uint64_t offset;        /* of its first byte in the trace */
  const uint8_t *bytes;   /* all of it, as it stands in the trace; until the next call */
  size_t size;            /* bytes in all */
  const uint8_t *payload; /* the last head.size bytes of them */
} trace_batch;

/* Opens the file, or standard input for `-`, and reads the header. With `seekable`, trace_seek may be used later; what
 * comes through a pipe is then first copied to a temporary file. On a fault, *f tells it and nothing stays open. */
bool trace_open(trace *t, const char *path, bool seekable, fault *f);

/* Reads the next batch. False: there is none, because the trace is at its end, or because of the fault in *f. */
bool trace_next(trace *t, trace_batch *b, fault *f);

/* Goes on behind a fault of trace_next, at the next offset at which batches seem to begin, or at the end. That is where
 * three can be read in a row, or fewer up to the end of the trace, but one at least; each may have an end mark behind
 * it, if this version has them. Each generation must have the number before it, or somewhat more, `gen` being that before
 * the first (0: not known); and no time is less than half of `newest`, since what looks like a batch inside a payload is
 * mostly made of small numbers. False: the fault in *f. */
bool trace_resume(trace *t, uint64_t gen, uint64_t newest, fault *f);

/* Goes on reading at this offset, at which a batch begins. */
bool trace_seek(trace *t, uint64_t offset, fault *f);

void trace_close(trace *t);

#endif
