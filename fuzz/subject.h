#ifndef FZ_SUBJECT_H
#define FZ_SUBJECT_H

/* subject: the C interface by which a flight recorder of any origin is driven, and compared with the model.
 *
 * It needs nothing but this file, C11 or C++11 and later, and no library. An implementation is an object file that
 * defines `fz_subject_under_test`; fuzz/README.md has the commands. Its operations are those of spec/cases.md, what
 * they must do is in spec/rules.md, and where the five systems differ in spec/systems.md.
 *
 * Units: bytes; nanoseconds (`min_age_ns`); ticks of the trace clock, of which `clock` at a call says how many have
 * passed. Nothing in here takes the time from the machine.
 * Ownership: what a call is given (names, bytes, callbacks) is the caller's and holds until that call returns; what
 * create() made is the subject's, until destroy().
 * Threads: one, and one call at a time, but for these: write() and end_generation() come from within a flush, and a
 * second snapshot() may come from within a sink.
 * Calls that would never return: they have to return, and say so: FZ_BLOCKED or FZ_DEADLOCK. `strict` has none.
 *
 * Checked by it: rules L-1 to L-10 and all that they stand on (V, B, C, G, P, S). No rule of M: those are about several
 * subscribers to a tracer, and here is one recorder. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a call came to; fz_status_name() has the names of spec/cases.md, which explains them. */
enum {
  FZ_OK = 0,
  FZ_ALREADY_ENABLED = 1,
  FZ_NOT_ENABLED = 2,
  FZ_TRACER_REFUSED = 3,
  FZ_BUSY = 4,
  FZ_SINK = 5,
  FZ_SHORT_HEADER = 6,
  FZ_BAD_HEADER = 7,
  FZ_BAD_VERSION = 8,
  FZ_BAD_TYPE = 9,
  FZ_TRUNCATED = 10,
  FZ_OVERFLOW = 11,
  FZ_BAD_SIZE = 12,
  FZ_NOT_ONE_BATCH = 13,
  FZ_BAD_END_MARK = 14,
  FZ_BAD_FREQUENCY = 15,
  FZ_TRAILING = 16,
  FZ_NO_FREQUENCY = 17,
  FZ_BAD_GENERATION = 18,
  FZ_CLOSED = 19,
  FZ_BLOCKED = 20,
  FZ_DEADLOCK = 21,
  FZ_NO_SPACE = 22, /* memory is full (G-6): nothing can be said of what follows, and the comparison ends there */
  FZ_STATUSES = 23  /* how many there are */
};

/* A generation as `state` shows it. */
typedef struct fz_generation {
  uint64_t gen;      /* its number; 0: not known */
  uint64_t size;     /* accounted bytes (G-7) */
  uint64_t min_time; /* G-9; in `runtime` nanoseconds, signed (two's complement), in the others ticks; 0: not known */
} fz_generation;

/* What a snapshot calls back. */
typedef struct fz_exit {
  void *context; /* for both calls */

  /* Flushes the tracer, which may write() before it returns. A snapshot that is not refused calls it as often as the
   * system says, before it looks at anything. FZ_OK; or FZ_BLOCKED or FZ_DEADLOCK: a write in it never returns, so that
   * the snapshot has to return the same at once. */
  int (*flush)(void *context);

  /* Takes bytes of the snapshot, in order, in as many calls as one likes; the first one must not come before the last
   * flush. How many it took: fewer than len means that it has failed, and gets no more. */
  size_t (*sink)(void *context, const uint8_t *p, size_t len);
} fz_exit;

/* A recorder. `self` is what create() gave. A call changes only what its rules say. */
typedef struct fz_subject {
  const char *name; /* for messages */

  /* A recorder that was never started, with the default limits (10485760 bytes, 10000000000 ns). system: "exp-pipe",
   * "exp-write", "exp-eog", "runtime" or "strict". ticks_per_second: of the clock; only `runtime` uses it, from each
   * start. NULL: there is none of this system, and programs for it are passed over. */
  void *(*create)(const char *system, uint64_t ticks_per_second);
  void (*destroy)(void *self);

  /* Limits from the next start on (L-3). Both each time; in `runtime` max_bytes is a uint64_t in these 64 bits. */
  void (*set)(void *self, int64_t max_bytes, int64_t min_age_ns);

  /* L-1, L-2. refuses: the tracer does not start. FZ_OK, FZ_ALREADY_ENABLED or FZ_TRACER_REFUSED. */
  int (*start)(void *self, bool refuses);

  /* L-1, L-7. FZ_OK, FZ_NOT_ENABLED, FZ_DEADLOCK, or the error of the run. */
  int (*stop)(void *self);

  bool (*enabled)(const void *self);

  /* The tracer writes p[0 .. len - 1], maybe nothing (p is not NULL even then). *n: what the system says of how many
   * bytes it took, which may be negative (E5); not looked at if the call would never return (FZ_BLOCKED, FZ_DEADLOCK).
   * Any status but FZ_ALREADY_ENABLED, FZ_TRACER_REFUSED, FZ_BUSY and FZ_SINK. That in `runtime` a write of the byte 52
   * alone is followed by the end of the generation is up to the caller, as it is in the original. */
  int (*write)(void *self, const uint8_t *p, size_t len, uint64_t clock, int64_t *n);

  /* The tracer ends the stream (L-8). FZ_OK or FZ_NOT_ENABLED. Called for exp-pipe and strict alone. */
  int (*close)(void *self);

  /* The generation ends (G-5, M-4). Called for runtime and strict alone. */
  int (*end_generation)(void *self, uint64_t clock);

  /* L-6, S-1 to S-5: refuses, or flushes and then gives the snapshot to the sink, the 16 bytes of the header first.
   * FZ_OK, FZ_NOT_ENABLED, FZ_BUSY, FZ_SINK, FZ_BLOCKED or FZ_DEADLOCK. */
  int (*snapshot)(void *self, const fz_exit *to);

  /* The active generation, and then the complete ones, oldest first: up to `cap` of them to g[0 ..]. How many there are
   * in all, at least 1. NULL: there is no look inside, and states are not compared. */
  size_t (*state)(const void *self, fz_generation *g, size_t cap);
} fz_subject;

/* The model, fuzz/model.c. */
extern const fz_subject fz_model;

/* What is compared with it: ours is fuzz/subject_flightspec.c. */
extern const fz_subject fz_subject_under_test;

/* The name that a status has in spec/cases.md; NULL: it is none. */
static inline const char *fz_status_name(int status)
{
  static const char *const names[FZ_STATUSES] = {
    "ok",           "already_enabled", "not_enabled", "tracer_refused", "busy",           "sink",     "short_header",
    "bad_header",   "bad_version",     "bad_type",    "truncated",      "overflow",       "bad_size", "not_one_batch",
    "bad_end_mark", "bad_frequency",   "trailing",    "no_frequency",   "bad_generation", "closed",   "blocked",
    "deadlock",     "no_space",
  };
  return status >= 0 && status < FZ_STATUSES ? names[status] : NULL;
}

#ifdef __cplusplus
}
#endif

#endif
