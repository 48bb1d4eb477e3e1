#ifndef FR_SHARED_H
#define FR_SHARED_H

/* shared: one recorder, used by several threads at once.
 *
 * A tracer writes from threads of its own, while others take snapshots, start, stop and ask. Each call here may come from
 * any thread at any time. Unlike the rest of src/ this file is not proved: the model proofs/model/shared.pml has the same
 * locks, fields and steps under the same names and is explored exhaustively, and the code runs under ThreadSanitizer.
 *
 * One mutex, `state`, guards the recorder and every field. It is held only for one call of the recorder or one look at
 * the fields, never while foreign code runs: not in the tracer's start, stop, flush and clock, not in the sink. So
 * whatever these wait for, they do not wait for a thread that needs `state` and waits for them. This is why flush may
 * write, from the tracer's thread or from within the call itself; why start may write the header before it returns; why
 * stop may wait until the tracer's last write has returned. The clock is read before `state` is taken.
 *
 * Two flags say what is under way, `changing` (a start or a stop) and `snapshotting`; the condition `change` tells those
 * who wait for them. Only a start or a stop ever waits for a flag, and the order is fixed: first for `changing`, then
 * (a stop, which has taken `changing` and cleared `on`) for `snapshotting`. A snapshot that finds a flag against it does
 * not wait, it is refused. A write waits for nothing but `state`. So there is no circle of waiting. It follows too that
 * the tracer's start, stop and flush never overlap: a flush runs only under `snapshotting`, which begins only while `on`,
 * and the others run only under `changing`, with `on` cleared and no snapshot left.
 *
 * The bytes of a snapshot are copied under `state`, in one call, into the caller's buffer, and the sink is served from
 * there. A snapshot is therefore of one moment, a slow sink holds up nobody but a stop, and a write waits at most for
 * one copy. Pinning the ring instead would save the copy, and cost a way to hold back the ring's forgetting.
 *
 * A write that fails never stops the tracer, least of all from inside the tracer's own call (erratum E17). The first
 * error since the start is noted; fr_shared_error tells it, to a thread whose business is to call fr_shared_stop.
 *
 * Limits: start, stop and destroy must not be called from inside the tracer's calls or the sink, nor from a thread
 * that the tracer's stop or flush waits for: they would wait for themselves. A snapshot from inside the sink is busy.
 * With several writing threads the clock of one write may be older than that of a write taken in before it. Systems
 * other than `strict` keep their errata, only not those of their locks. */

#include "recorder.h"
#include <pthread.h>

/* What is told when the trace starts and stops; given by the user. No call is made with a lock held. */
typedef struct {
  fr_status (*start)(void *ctx); /* any value but FR_OK: it refuses, and no write will come */
  void (*stop)(void *ctx);       /* returns when the last write has returned */
  void (*flush)(void *ctx);      /* returns when what was traced before the call has been written */
  uint64_t (*clock)(void *ctx);  /* ticks; called from every writing thread, also from several at once */
  void *ctx;
} fr_tracer;

/* Takes n bytes of a snapshot; false: it could not. */
typedef bool (*fr_sink)(void *ctx, const uint8_t *p, size_t n);

typedef struct {
  pthread_mutex_t state; /* guards all that follows, and *recorder */
  pthread_cond_t change; /* changing or snapshotting was cleared */
  fr_recorder *recorder;
  fr_tracer tracer;
  bool on;           /* started, and no stop has begun */
  bool changing;     /* a start or a stop is under way */
  bool snapshotting; /* a snapshot is under way */
  fr_status error;   /* of the first write that failed since the start, or FR_OK */
} fr_shared;

/* Sets up s around a recorder that is set up and stopped. From now on only the calls below use *recorder, until
 * fr_shared_destroy. *tracer is copied; its ctx must outlive s.
 * FR_NO_SPACE: the system has no room for a lock; s may not be used. */
fr_status fr_shared_init(fr_shared *s, fr_recorder *recorder, const fr_tracer *tracer);

/* Gives the locks back; *recorder is the caller's again. No other call may be running, and the recorder is stopped. */
void fr_shared_destroy(fr_shared *s);

/* Sets the limits from the next start on. Rule L-3. */
void fr_shared_set(fr_shared *s, int64_t max_bytes, int64_t min_age);

/* Starts the recorder, whose clock has so many ticks a second, then the tracer. Waits for a start or stop that is under
 * way. Rule L-2. Writes are taken in from before tracer.start is called; `enabled` and snapshots follow when it has
 * returned.
 * FR_ALREADY_ENABLED: it runs. FR_TRACER_REFUSED: tracer.start refused; the recorder is stopped again. */
fr_status fr_shared_start(fr_shared *s, uint64_t ticks_per_second);

/* Stops the tracer, then the recorder. Waits for a start or stop that is under way; from then on new snapshots are
 * refused, and a snapshot that is under way is waited for before the tracer is told (erratum E20). Rule L-7.
 * FR_NOT_ENABLED: it does not run; nothing was changed. Any other value is fr_recorder_stop's. */
fr_status fr_shared_stop(fr_shared *s);

/* Whether a start has returned FR_OK, or is about to, and no stop has begun since. Never races (erratum E20). Rule L-1. */
bool fr_shared_enabled(fr_shared *s);

/* The error of the first write that failed since the last start, or FR_OK; of the last run when stopped. */
fr_status fr_shared_error(fr_shared *s);

/* Reads the clock and hands p[0 .. len - 1] to the recorder; *n is how much was taken in. Never calls the tracer but for
 * its clock. The values are fr_recorder_write's; each but FR_NO_SPACE is noted for fr_shared_error. */
fr_status fr_shared_write(fr_shared *s, const uint8_t *p, size_t len, int64_t *n);

/* Reads the clock and ends the generation. The values are fr_recorder_end_generation's. */
fr_status fr_shared_end_generation(fr_shared *s);

/* As fr_ring_move_arena and fr_ring_move_table. When they have returned FR_OK, the old memory is the caller's. */
fr_status fr_shared_move_arena(fr_shared *s, uint8_t *buf, size_t cap);
fr_status fr_shared_move_table(fr_shared *s, const fr_table *t);

/* Flushes as often as the system does, copies the snapshot to buf[0 .. cap - 1], and gives it to the sink in one call.
 * *n is how many bytes the sink took: all or none. The arena's size and FR_HEADER_SIZE together are always enough for
 * cap. Rules S-1, L-6.
 * FR_NOT_ENABLED: it does not run, or a stop has begun. FR_BUSY: another snapshot is under way; use that one's result.
 * FR_NO_SPACE: cap is too small; the sink was not called. FR_SINK: the sink could not. In all four *n is 0. */
fr_status fr_shared_snapshot(fr_shared *s, uint8_t *buf, size_t cap, fr_sink sink, void *ctx, size_t *n);

#endif
