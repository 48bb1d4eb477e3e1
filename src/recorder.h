#ifndef FR_RECORDER_H
#define FR_RECORDER_H

/* recorder: a flight recorder in any of the five systems.
 *
 * A tracer writes a stream: 16 bytes of header, then batches. The recorder cuts it into generations, keeps the newest
 * of them in its ring, and gives them back as a snapshot. Which system it is says one row of fr_systems.
 *
 * It is started and stopped, as often as one likes; between stop and start nothing is kept. Limits that are set count
 * from the next start. Times come in as arguments: `clock` is what the trace clock shows at the call, in ticks.
 *
 * Limits: all memory is the caller's (arena and table of generations as ring says; for a stream that may be split
 * anywhere FR_BATCH_MAX bytes more). Out of it, a call says FR_NO_SPACE and has taken what it says; when there is more,
 * the caller goes on behind that. One call at a time: shared.h has the locks. The originals' blocked readers and lost
 * locks (E2, E14) are states here, and a call that would never return says FR_BLOCKED or FR_DEADLOCK.
 *
 * The contracts below are the aim; which of them are proved, and what the rest lean on, is in spec/SOUNDNESS.md. */

#include "header.h"
#include "keeper.h"
#include "snapshot.h"

/* Where the stream of one run stands. */
typedef struct {
  bool begun;           /* a tracer has been started for it */
  bool open;            /* it can be written to */
  bool unread;          /* nobody reads it any more (E14) */
  uint32_t header_len;  /* bytes of the header that came */
  uint32_t version;     /* NN of its Go 1.NN; 0: not known, or not looked at */
  uint32_t pending_len; /* bytes of a batch that has not come whole */
  size_t ahead;         /* after FR_NO_SPACE: how many bytes behind those taken its reader has read */
} fr_stream;

typedef struct {
  fr_keeper keeper;         /* the generations, and the limits in force */
  fr_stream stream, before; /* that of this run, and of the run before */
  uint8_t *pending;         /* FR_BATCH_MAX bytes, or NULL if the system's writes are whole batches */
  uint8_t header[FR_HEADER_SIZE];
  fr_limits next;  /* limits from the next start on */
  fr_status error; /* the first error of this run */
  bool enabled;
  bool stuck; /* a reader waits for it for ever */
} fr_recorder;

#include "recorder.acsl"

/* Sets up a recorder that was never started, with the default limits. Rule L-1. */
/*@
  requires r_valid: \valid(r);
  requires s_read: \valid_read(system) && \separated(system, r);
  requires s_ok: sy_ok(system);
  requires t_read: \valid_read(t) && \separated(t, r);
  requires memory: \valid(arena + (0 .. cap - 1)) && rg_valid(t);
  requires apart: rg_apart(&r->keeper.ring, arena, cap, t);
  requires k_apart: kp_apart(&r->keeper, system, arena, cap, t);
  requires r_apart: \separated(r, arena + (0 .. cap - 1)) && rc_apart(r, t);
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  requires slots_range: t->slots >= 1;
  requires pending: rc_pending(r, system, pending, arena, cap);
  terminates \true;
  exits \false;
  assigns *r, t->start[0], t->account[0], t->gen[0], t->min_time[0], t->stamp[0];
  ensures memory: rc_memory(r);
  ensures sound: rc_ok(r);
  ensures system: r->keeper.system == system && r->pending == pending;
  ensures arena: r->keeper.ring.store.buf == arena && r->keeper.ring.store.cap == cap;
  ensures empty: r->keeper.ring.n == 0 && r->keeper.ring.store.first == 0 && r->keeper.ring.store.end == 0 &&
    r->keeper.ring.accounted == 0;
  ensures active: kp_begun(&r->keeper) && r->keeper.has_frequency == false;
  ensures limits: r->next.max_bytes == FR_DEFAULT_MAX_BYTES && r->next.min_age == FR_DEFAULT_MIN_AGE;
  ensures stopped: r->enabled == false && r->stream.begun == false && r->stream.open == false;
  ensures free: r->keeper.locked == false && r->stuck == false && r->error == FR_OK;
*/
void fr_recorder_init(fr_recorder *r, const fr_system *system, uint8_t *arena, size_t cap, const fr_table *t,
                      uint8_t *pending);

/* Sets the limits from the next start on. Rule L-3. */
/*@
  requires valid: rc_valid(r);
  requires sound: rc_ok(r);
  terminates \true;
  exits \false;
  assigns r->next;
  ensures sound: rc_ok(r);
  ensures max_bytes: r->next.max_bytes ==
    rc_limit((boolean)r->keeper.system->zero_is_default, max_bytes, FR_DEFAULT_MAX_BYTES);
  ensures min_age: r->next.min_age == rc_limit((boolean)r->keeper.system->zero_is_default, min_age, FR_DEFAULT_MIN_AGE);
*/
void fr_recorder_set(fr_recorder *r, int64_t max_bytes, int64_t min_age);

/* Starts a run; the clock has so many ticks a second, which only matters where the stream does not say it. Rule L-2.
 * FR_ALREADY_ENABLED: nothing was changed. */
/*@
  requires valid: rc_valid(r);
  requires start_apart: \separated(r, r->keeper.ring.table.start + (0 .. r->keeper.ring.table.slots - 1));
  requires account_apart: \separated(r, r->keeper.ring.table.account + (0 .. r->keeper.ring.table.slots - 1));
  requires sound: rc_ok(r);
  terminates \true;
  exits \false;
  assigns r->keeper.limits, r->error, r->before, r->stream, r->enabled, r->keeper.has_frequency, r->keeper.rate;
  ensures sound: rc_ok(r);
  behavior already:
    assumes enabled: r->enabled;
    ensures status: \result == FR_ALREADY_ENABLED;
    ensures same: r->keeper.limits == \old(r->keeper.limits) && r->error == \old(r->error) &&
      r->enabled == \old(r->enabled);
    ensures same_streams: r->before == \old(r->before) && r->stream == \old(r->stream);
    ensures same_frequency: r->keeper.has_frequency == \old(r->keeper.has_frequency) &&
      r->keeper.rate == \old(r->keeper.rate);
  behavior start:
    assumes stopped: !r->enabled;
    ensures status: \result == FR_OK;
    ensures enabled: r->enabled == true;
    ensures limits: r->keeper.limits.max_bytes == r->next.max_bytes && r->keeper.limits.min_age == r->next.min_age;
    ensures error: r->error == FR_OK;
    ensures before: r->before.begun == \old(r->stream.begun) && r->before.open == \old(r->stream.open) &&
      r->before.unread == \old(r->stream.unread) && r->before.header_len == \old(r->stream.header_len) &&
      r->before.version == \old(r->stream.version) && r->before.pending_len == \old(r->stream.pending_len);
    ensures stream: r->stream.begun == true && r->stream.open == true && r->stream.unread == false &&
      r->stream.header_len == 0 && r->stream.version == 0 && r->stream.pending_len == 0;
    ensures given: r->keeper.system->frequency == FR_FREQUENCY_GIVEN ==> r->keeper.has_frequency == true &&
      (ticks_per_second > 0 ==> r->keeper.rate.sig == ck_rate_sig(ticks_per_second) &&
        r->keeper.rate.exp == ck_rate_exp(ticks_per_second)) &&
      (ticks_per_second == 0 ==> r->keeper.rate.sig == 0);
    ensures in_band: r->keeper.system->frequency != FR_FREQUENCY_GIVEN ==>
      r->keeper.has_frequency == \old(r->keeper.has_frequency) && r->keeper.rate.sig == \old(r->keeper.rate.sig) &&
      r->keeper.rate.exp == \old(r->keeper.rate.exp);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_recorder_start(fr_recorder *r, uint64_t ticks_per_second);

/* Takes a start back, since the tracer has refused; nothing was written meanwhile. Limits set before it count, and the
 * error of the run before is forgotten. Rule L-2. */
/*@
  requires valid: rc_valid(r);
  requires sound: rc_ok(r);
  terminates \true;
  exits \false;
  assigns r->stream, r->enabled;
  ensures sound: rc_ok(r);
  ensures stopped: r->enabled == false;
  ensures stream: r->stream.begun == r->before.begun && r->stream.open == r->before.open &&
    r->stream.unread == r->before.unread && r->stream.header_len == r->before.header_len &&
    r->stream.version == r->before.version && r->stream.pending_len == r->before.pending_len;
*/
void fr_recorder_refuse(fr_recorder *r);

/* Ends a run: all generations are forgotten. Rules L-1, L-7.
 * FR_NOT_ENABLED: nothing was changed. FR_DEADLOCK (E2): only `enabled`, the error and the stream have changed.
 * Otherwise what the system tells: FR_OK, or the first error of the run. FR_CLOSED or FR_TRUNCATED: the stream ended
 * within its header or a batch. */
/*@
  requires memory: rc_memory(r);
  requires s_ok: sy_ok(r->keeper.system);
  requires sound: rc_ok(r);
  terminates \true;
  exits \false;
  assigns r->enabled, r->error, r->stream.open, r->keeper.has_frequency, r->keeper.rate,
    r->keeper.ring, r->keeper.ring.table.start[0], r->keeper.ring.table.account[0],
    r->keeper.ring.table.gen[0], r->keeper.ring.table.min_time[0], r->keeper.ring.table.stamp[0];
  ensures sound: rc_ok(r);
  ensures stopped: r->enabled == false;
  behavior stopped:
    assumes stopped: !r->enabled;
    ensures status: \result == \old(r->keeper.system->stop_needs_start ? FR_NOT_ENABLED : FR_OK);
    ensures same_error: r->error == \old(r->error) && r->stream.open == \old(r->stream.open);
    ensures same: rg_same{Pre, Post}(&r->keeper.ring);
  behavior stuck:
    assumes stuck: r->enabled && r->stuck;
    ensures status: \result == FR_DEADLOCK;
    ensures closed: r->keeper.system->error == FR_ERROR_BLOCKS ==>
      r->error == \old(rc_end_error(r, FR_CLOSED, FR_CLOSED));
    ensures cut: r->keeper.system->error != FR_ERROR_BLOCKS ==>
      r->error == \old(rc_end_error(r, FR_TRUNCATED, FR_TRUNCATED));
    ensures same: rg_same{Pre, Post}(&r->keeper.ring);
  behavior stop:
    assumes runs: r->enabled && !r->stuck;
    ensures status: \result == (r->keeper.system->stop_tells ? r->error : FR_OK);
    ensures closed: r->keeper.system->error == FR_ERROR_BLOCKS ==>
      r->error == \old(rc_end_error(r, FR_CLOSED, FR_CLOSED));
    ensures cut: r->keeper.system->error != FR_ERROR_BLOCKS ==>
      r->error == \old(rc_end_error(r, FR_TRUNCATED, FR_TRUNCATED));
    ensures open: r->stream.open == (\old(r->stream.open) && r->keeper.system->takes_after_stop);
    ensures empty: r->keeper.ring.n == 0 && r->keeper.ring.store.end == 0 && r->keeper.ring.accounted == 0;
    ensures active: kp_begun(&r->keeper);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_recorder_stop(fr_recorder *r);

/* Ends the stream, as its writer does; only for streams. Rule L-8. FR_NOT_ENABLED: none was ever begun. */
/*@
  requires valid: rc_valid(r);
  requires sound: rc_ok(r);
  terminates \true;
  exits \false;
  assigns r->error, r->stream.open;
  ensures sound: rc_ok(r);
  behavior never:
    assumes never: !r->stream.begun;
    ensures status: \result == FR_NOT_ENABLED;
    ensures same: r->error == \old(r->error) && r->stream.open == \old(r->stream.open);
  behavior close:
    assumes begun: r->stream.begun;
    ensures status: \result == FR_OK;
    ensures error: r->error == \old(rc_end_error(r, FR_SHORT_HEADER, FR_TRUNCATED));
    ensures closed: r->stream.open == false;
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_recorder_close(fr_recorder *r);

/* Takes p[0 .. len - 1], written at time `clock`. *n: how many bytes were taken; after an error what the system says,
 * which may be negative (E5). Rules L-4, L-5, and those of what it holds.
 * FR_NOT_ENABLED, FR_CLOSED: nobody listens. FR_SHORT_HEADER, FR_BAD_HEADER, FR_BAD_VERSION: of the header.
 * FR_BAD_TYPE to FR_BAD_SIZE, FR_NOT_ONE_BATCH, FR_BAD_END_MARK: of a batch (frame.h).
 * FR_BAD_FREQUENCY, FR_TRAILING: of a frequency batch. FR_NO_FREQUENCY: a generation cannot end without one.
 * FR_BAD_GENERATION: numbers out of sequence. FR_BLOCKED, FR_DEADLOCK: the original would never return.
 * FR_NO_SPACE: go on with p + *n when there is more memory. An end mark wants a free slot of the table even where
 * pruning would make one.
 * After any of them all complete generations are still there, except what a rotation in this call has pruned. */
fr_status fr_recorder_write(fr_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n);

/* Completes the active generation at time `clock`; not for systems that see for themselves where it ends
 * (FR_ROTATION_NEXT). Rules G-2, G-5.
 * FR_NOT_ENABLED; FR_TRUNCATED: inside a batch; FR_BAD_END_MARK: it is empty; FR_NO_FREQUENCY; FR_NO_SPACE; or the
 * error that has ended the stream. Nothing was changed. */
fr_status fr_recorder_end_generation(fr_recorder *r, uint64_t clock);

/* A snapshot as runs of memory (snapshot.h), which hold until the next call. Rules S-1, S-2, L-6.
 * FR_NOT_ENABLED, FR_DEADLOCK (E2): seg is as it was. */
fr_status fr_recorder_snapshot(const fr_recorder *r, fr_segment seg[3]);

#endif
