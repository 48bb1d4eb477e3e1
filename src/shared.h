#ifndef FR_SHARED_H
#define FR_SHARED_H

/* shared: one recorder, used by several threads at once.
 *
 * A tracer writes from threads of its own, while others take snapshots, start, stop and ask. Each call here may come
 * from any thread at any time. Unlike the rest of the core this file is not proved: proofs/model/shared.pml is a model
 * of it with the same locks, flags and steps under the same names, explored exhaustively, and the code itself runs
 * under ThreadSanitizer.
 *
 * One mutex, `state`, guards the recorder and the flags. It is held only for one call of the recorder or one look at
 * the flags, never while foreign code runs: not in the tracer's start, stop, flush and clock, not in the sink. So
 * whatever these wait for, they wait for no thread that wants `state` from them. That is why flush may write, from the
 * tracer's thread or from within the call itself; why start may write the header before it returns; why stop may wait
 * until the tracer's last write has returned. The clock is read before `state` is taken.
 *
 * Two flags say what is under way, `changing` (a start or a stop) and `snapshotting`; the condition `change` tells
 * those who wait for them. Only a start or a stop ever waits for a flag, and in one order: first for `changing`; then a
 * stop, which has set `changing` and cleared `on`, for `snapshotting`. A snapshot that finds a flag against it does not
 * wait, it is refused. A write waits for nothing but `state`. So there is no circle of waiting. It also follows that
 * the tracer's start, stop and flush never overlap: a flush runs only under `snapshotting`, which begins only while
 * `on`, and the others run only under `changing`, with `on` cleared and no snapshot left.
 *
 * The bytes of a snapshot are copied in one go, under `state`, into the caller's buffer, and the sink is served from
 * there. So a snapshot is of one moment, a slow sink holds up nobody but a stop, and a write waits at most for a copy.
 * To pin the ring instead would save the copy and the buffer, but the ring would have to hold back its forgetting, and
 * a slow sink would use up the writers' memory.
 *
 * A write that fails never stops the tracer, least of all from inside the tracer's own call (E17). The recorder notes
 * the first error of the run; fr_shared_error tells it to a thread whose business it is to call fr_shared_stop.
 *
 * Limits: start and stop must not be called from inside the tracer's calls or the sink, nor from a thread that the
 * tracer's stop or flush waits for, since they would wait for themselves. A snapshot from inside the sink is busy. With
 * several writing threads, a write may come with an older clock than one taken in before it; and who gets FR_NO_SPACE,
 * moves, and goes on behind *n must see to it that no other thread writes meanwhile. */

#include <pthread.h>

#include "recorder.h"

/* What the recorder needs of a tracer; given by the user. No call is made with a lock held. */
typedef struct {
  fr_status (*start)(void *ctx); /* any value but FR_OK: it refuses, has written nothing and will write nothing */
  void (*stop)(void *ctx);       /* returns when the last write has returned */
  void (*flush)(void *ctx);      /* returns when what was traced before the call has been written */
  uint64_t (*clock)(void *ctx);  /* ticks; called from every thread that writes, from several at once */
  void *ctx;
} fr_tracer;

/* Takes n bytes of a snapshot; false: it could not. */
typedef bool (*fr_sink)(void *ctx, const uint8_t *p, size_t n);

typedef struct {
  pthread_mutex_t state; /* guards *rec and the flags */
  pthread_cond_t change; /* changing or snapshotting was cleared */
  fr_recorder *rec;
  fr_tracer tracer;
  bool on;           /* started, and no stop has begun */
  bool changing;     /* a start or a stop is under way */
  bool snapshotting; /* a snapshot is under way */
} fr_shared;

/* Sets up s around a recorder that is set up and not started. From now until fr_shared_destroy only the calls below use
 * *rec. *tracer is copied.
 * FR_NO_SPACE: the system has no room for a lock; s may not be used, not even destroyed. */
fr_status fr_shared_init(fr_shared *s, fr_recorder *rec, const fr_tracer *tracer);

/* Gives the locks back; *rec is the caller's again. It is stopped, and no other call runs or will come. */
void fr_shared_destroy(fr_shared *s);

/* Sets the limits from the next start on. Rule L-3. */
void fr_shared_set(fr_shared *s, int64_t max_bytes, int64_t min_age);

/* Starts the recorder, then the tracer. Waits for a start or stop that is under way. Rules L-1, L-2.
 * Writes are taken from before tracer.start is called; snapshots when it has returned.
 * FR_ALREADY_ENABLED: nothing was changed. FR_TRACER_REFUSED: tracer.start refused, and the recorder's start was taken
 * back (fr_recorder_refuse). */
fr_status fr_shared_start(fr_shared *s, uint64_t ticks_per_second);

/* Stops the tracer, then the recorder. Waits for a start or stop that is under way; from then on snapshots are refused,
 * and the one under way is waited for before the tracer is told. Rules L-1, L-7.
 * The values are fr_recorder_stop's. */
fr_status fr_shared_stop(fr_shared *s);

/* Whether it was started and no stop has begun. Does not race. Rule L-1. */
bool fr_shared_enabled(fr_shared *s);

/* The first error of a write in this run, or, when stopped, in the last one; FR_OK: there was none. Rules L-9, L-11. */
fr_status fr_shared_error(fr_shared *s);

/* Reads the clock and gives p[0 .. len - 1] to the recorder. Of the tracer only its clock is called, whatever comes of
 * it. *n and the values are fr_recorder_write's. */
fr_status fr_shared_write(fr_shared *s, const uint8_t *p, size_t len, int64_t *n);

/* Reads the clock and ends the generation. The values are fr_recorder_end_generation's. */
fr_status fr_shared_end_generation(fr_shared *s);

/* Ends the stream. The values are fr_recorder_close's. */
fr_status fr_shared_close(fr_shared *s);

/* As fr_ring_move_arena and fr_ring_move_table; after FR_OK the old memory is the caller's again. Rule G-6. */
fr_status fr_shared_move_arena(fr_shared *s, uint8_t *buf, size_t cap);
fr_status fr_shared_move_table(fr_shared *s, const fr_table *t);

/* Flushes as often as the system does, copies the snapshot to buf[0 .. cap - 1], and gives it to the sink in one call.
 * *n: how many bytes the sink took, all or none. The arena's size and FR_HEADER_SIZE are always enough for cap.
 * Rules S-1, S-2, S-4, L-6, L-10.
 * FR_NOT_ENABLED: it is not started, or a stop has begun. FR_BUSY: another snapshot is under way; use its result.
 * FR_NO_SPACE: cap is too small. FR_SINK: the sink could not. FR_DEADLOCK (E2): as fr_recorder_snapshot. In each of
 * them *n is 0, and but for FR_SINK the sink was not called. */
fr_status fr_shared_snapshot(fr_shared *s, uint8_t *buf, size_t cap, fr_sink sink, void *ctx, size_t *n);

#endif
