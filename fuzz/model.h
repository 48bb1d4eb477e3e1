#ifndef FZ_MODEL_H
#define FZ_MODEL_H

/* model: a second recorder, for comparison: all five systems, with all their errata that the oracle repeats.
 *
 * Written from the prose alone (spec/rules.md, systems.md, errata.md, cases.md), with nothing of src/: plain lists,
 * a piece of memory for each batch, floating point where the rules speak of it, and no care for time or space. What a
 * snapshot shows is made when it is asked for. Where the two recorders differ one of them is wrong, or the prose is.
 *
 *   model_systems.c  the table of systems.md, by its columns
 *   model_bytes.c    reading: uvarints, batches, headers, frequencies, the clock (rules V, B, C)
 *   model_keep.c     generations and what stays of them (G, P, and S for the bytes)
 *   model_write.c    what a write does in each framing (L-4, L-5, L-8, L-9)
 *   model.c          the life of a recorder (L), as an fz_subject
 *
 * Statuses are those of subject.h. There is no FZ_NO_SPACE: out of memory, the model ends the program. */

#include "subject.h"
#include <limits.h>

#define MD_NEVER UINT_MAX
#define MD_HEADER_SIZE 16u
#define MD_PAYLOAD_MAX 65536u

/* Bytes that begin batches and events. */
enum { MD_EVENTS = 1, MD_FREQUENCY = 8, MD_EXPERIMENT = 49, MD_SYNC = 50, MD_CLOCKS = 51, MD_END_MARK = 52 };

/* A row of the table of systems.md; the columns are explained there. `overflow_for_truncated` and `remaining` are left
 * out: one system has them, and they are what its framing does (write_exact). */
typedef struct {
  const char *name;
  enum { MD_STREAM, MD_FIRST, MD_EXACT } framing;
  enum { MD_NEXT, MD_MARK, MD_BOTH } rotation;
  enum { MD_PLAIN, MD_LOOSE, MD_GIVEN, MD_STRICT } frequency;
  enum { MD_BLOCKS, MD_STAYS, MD_PASSES, MD_ENDS } error;
  unsigned version_since, end_marks_since;
  bool experimental, header_in_place, experiment_is_field, payload_marks, verbatim, estimated, nanoseconds,
    zero_is_time;
  bool zero_is_default, stop_tells, takes_after_stop, stop_needs_start, saturates;
  bool unsigned_limit; /* no column, but said of `runtime`: max_bytes has no sign */
  unsigned flushes;
  size_t read_ahead;
} md_system;

const md_system *md_system_named(const char *name);

/* A batch as it was read from the begin of some bytes. */
typedef struct {
  int status; /* FZ_OK, FZ_BAD_TYPE, FZ_TRUNCATED, FZ_OVERFLOW or FZ_BAD_SIZE */
  uint8_t type, experiment;
  uint64_t gen, thread, time, size;
  size_t head;        /* bytes before the payload; 0: not read that far */
  size_t read;        /* bytes up to the end of the batch, or of what is at fault; truncated: all */
  bool asks_for_more; /* of an overflow: its tenth byte asks for more */
} md_batch;

/* What is kept of a batch. */
typedef struct md_kept {
  struct md_kept *next;
  bool as_it_is; /* bytes are all; otherwise they are a payload, to get a header (S-5) */
  uint64_t thread, time;
  size_t len;
  uint8_t bytes[];
} md_kept;

typedef struct {
  uint64_t gen, size, min_time; /* as in fz_generation */
  bool has_frequency;
  uint64_t frequency;
  md_kept *first, *last;
} md_generation;

/* Bytes that grow. */
typedef struct {
  uint8_t *p;
  size_t len, cap;
} md_bytes;

/* The stream of one start. */
typedef struct {
  bool begun;  /* there was a start that succeeded */
  bool open;   /* neither closed nor, where that ends it, stopped */
  bool unread; /* its reader has ended, or hangs */
  size_t header_len;
  uint8_t header[MD_HEADER_SIZE];
  unsigned version; /* NN of Go 1.NN; 0: not known */
  md_bytes got;     /* of a batch that has not come whole */
} md_stream;

typedef struct {
  const md_system *system;
  uint64_t ticks_per_second;
  int64_t max_bytes, min_age, next_max_bytes, next_min_age;
  bool enabled, snapshotting;
  bool locked; /* E2 */
  bool stuck;  /* a reader waits for the lock */
  int error;   /* the first of the run */
  uint8_t header[MD_HEADER_SIZE];
  md_stream stream;
  uint64_t last_gen; /* of the generation completed last in this run; 0: none */
  md_generation *active;
  md_generation **ring; /* complete, oldest first */
  size_t ring_len, ring_cap;
} md_recorder;

/* model_bytes.c */

/* Reads a uvarint at p[*at ..], and steps behind it. FZ_OK, FZ_TRUNCATED or FZ_OVERFLOW. */
int md_uvarint(const uint8_t *p, size_t len, size_t *at, uint64_t *value);
/* Writes the shortest uvarint; its length. */
size_t md_put_uvarint(uint8_t *p, uint64_t value);
/* The length of a batch's header and payload as those of x/exp estimate it. */
uint64_t md_estimate(const md_batch *b);
/* FZ_OK, FZ_BAD_HEADER or FZ_BAD_VERSION; *version is 0 where the system does not look. */
int md_header(const md_system *s, const uint8_t *p, unsigned *version);
md_batch md_batch_read(const md_system *s, unsigned version, const uint8_t *p, size_t len);
/* What the payload says of the frequency. FZ_OK; FZ_NO_FREQUENCY: nothing; FZ_BAD_FREQUENCY or FZ_TRAILING. */
int md_frequency(const md_system *s, unsigned version, const uint8_t *p, size_t len, uint64_t *ticks);
int64_t md_nanoseconds(const md_system *s, uint64_t ticks_per_second, uint64_t ticks);

/* model_keep.c */

/* Memory that is there: without any the program ends. */
void *md_memory(void *old, size_t size);
void md_append(md_bytes *to, const uint8_t *p, size_t len);
md_generation *md_generation_new(void);
void md_forget(md_recorder *r); /* all generations */
void md_free(md_recorder *r);
/* Keeps a batch (G-7, G-9), or a mark, in the active generation; p is all of it. */
void md_keep(md_recorder *r, const md_batch *b, const uint8_t *p);
void md_keep_mark(md_recorder *r, const uint8_t *p, size_t len);
/* Completes the active generation and prunes. */
void md_complete(md_recorder *r, uint64_t clock);
/* Gives the header and the complete generations to a sink. FZ_OK or FZ_SINK. */
int md_give(const md_recorder *r, const fz_exit *to);

/* model_write.c */

int md_write(md_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n);
int md_end_generation(md_recorder *r, uint64_t clock);

#endif
