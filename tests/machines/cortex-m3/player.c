/* player: does what `flightspec run` does (src/oracle/run.c), with neither JSON nor an allocator. */

#include "player.h"

enum { ARENA = 512 * 1024, SLOTS = 1024 };

static uint8_t arena[ARENA], pending[FR_BATCH_MAX];
static uint64_t start[SLOTS], account[SLOTS], gen[SLOTS], stamp[SLOTS];
static int64_t min_time[SLOTS];
static const fr_table table = {start, account, gen, min_time, stamp, SLOTS};

/* What came of a call: a status, and a number if there is one. */
typedef struct {
  fr_status status;
  bool has_n;
  int64_t n;
} result;

static bool returns(fr_status status)
{
  return status != FR_BLOCKED && status != FR_DEADLOCK;
}

static result with_n(fr_status status, int64_t n)
{
  return (result){status, returns(status), returns(status) ? n : 0};
}

/* Whether a result is what it must be, which is taken from the vectors. */
static bool as_wanted(player *p, result got)
{
  const uint64_t status = take_number(&p->in, 1), has_n = take_number(&p->in, 1), n = take_number(&p->in, 8);
  return status == (uint64_t)got.status && has_n == got.has_n && n == (uint64_t)got.n;
}

static void set_limits(player *p)
{
  const uint64_t mask = take_number(&p->in, 1);
  int64_t max_bytes = p->recorder.next.max_bytes, min_age = p->recorder.next.min_age;
  const bool no_sign = p->recorder.keeper.system->zero_is_default;
  if (mask & 1) max_bytes = (int64_t)take_number(&p->in, 8);
  if (mask & 2) min_age = (int64_t)take_number(&p->in, 8);
  if (no_sign && max_bytes < 0) max_bytes = INT64_MAX;
  fr_recorder_set(&p->recorder, max_bytes, min_age);
}

static fr_status start_run(player *p)
{
  const bool refuses = take_number(&p->in, 1);
  const fr_status status = fr_recorder_start(&p->recorder, p->ticks_per_second);
  if (status != FR_OK || !refuses) return status;
  fr_recorder_refuse(&p->recorder);
  return FR_TRACER_REFUSED;
}

/* One write by the tracer; unless it is `alone`, a single end mark is followed by the end of the generation. */
static result write_run(player *p, bool alone)
{
  size_t len;
  int64_t n = 0;
  const uint8_t *bytes = take_run(&p->in, &len);
  const fr_status status = fr_recorder_write(&p->recorder, bytes, len, p->clock, &n);
  const bool mark = len == 1 && bytes[0] == FR_END_OF_GENERATION;
  if (mark && !alone && p->recorder.keeper.system->rotation == FR_ROTATION_MARK && status != FR_NOT_ENABLED)
    (void)fr_recorder_end_generation(&p->recorder, p->clock);
  return with_n(status, n);
}

/* The writes of all flushes. Passed over are those after one that never returns, and those of flushes that the system
 * does not make. */
static fr_status flush(player *p)
{
  fr_status status = FR_OK;
  size_t len;
  const uint64_t flushes = take_number(&p->in, 1);
  for (uint64_t i = 0; i < flushes; i++) {
    const uint64_t writes = take_number(&p->in, 2);
    for (uint64_t k = 0; k < writes; k++)
      if (p->recorder.enabled && i < p->recorder.keeper.system->flushes && returns(status))
        status = write_run(p, false).status;
      else
        (void)take_run(&p->in, &len);
  }
  return returns(status) ? FR_OK : status;
}

/* Whether the first `room` bytes of the segments are those that are wanted; *size: how many they are. */
static bool same_bytes(player *p, const fr_segment segments[3], uint64_t room, size_t *size)
{
  size_t wanted_len, at = 0;
  const uint8_t *wanted = take_run(&p->in, &wanted_len);
  bool same = true;
  for (int i = 0; i < 3; i++)
    for (size_t k = 0; k < segments[i].len && at < room; k++, at++)
      same = same && at < wanted_len && wanted[at] == segments[i].base[k];
  *size = at;
  return same && at == wanted_len;
}

static bool play_snapshot(player *p)
{
  fr_segment segments[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
  const uint64_t room = take_number(&p->in, 8);
  const bool second = take_number(&p->in, 1);
  const bool enabled = p->recorder.enabled;
  fr_status status = flush(p);
  if (!enabled) status = FR_NOT_ENABLED;
  if (status == FR_OK) status = fr_recorder_snapshot(&p->recorder, segments);
  const bool taken = status == FR_OK;
  size_t all = 0, size = 0;
  for (int i = 0; i < 3; i++) all += segments[i].len;
  if (all > room) status = FR_SINK;

  packed wanted = p->in; /* the bytes come behind the status, and are looked at first */
  p->in.at += 10;
  const bool bytes = same_bytes(p, segments, room, &size);
  packed behind = p->in;
  p->in = wanted;
  const bool status_ok = as_wanted(p, with_n(status, (int64_t)size));
  p->in = behind;
  const bool busy = *p->in.at != UINT8_MAX; /* what the second one gets, if one is wanted at all */
  const bool second_ok = as_wanted(p, with_n(FR_BUSY, 0));
  return bytes && status_ok && busy == (second && taken) && (!busy || second_ok);
}

static bool play_state(player *p)
{
  const uint32_t n = p->recorder.keeper.ring.n;
  bool same = take_number(&p->in, 1) == p->recorder.enabled;
  const uint64_t wanted = take_number(&p->in, 4);
  same = same && wanted == (uint64_t)n + 1;
  for (uint64_t i = 0; i < wanted; i++) {
    fr_generation g = {0};
    if (i <= n) fr_ring_generation(&p->recorder.keeper.ring, (uint32_t)i, &g);
    const uint64_t number = take_number(&p->in, 8), size = take_number(&p->in, 8), least = take_number(&p->in, 8);
    same = same && number == g.gen && size == g.size && least == g.stamp;
  }
  return same;
}

/* Behind a status that stands alone: no bytes, no second snapshot. */
static bool nothing_else(player *p)
{
  size_t len;
  (void)take_run(&p->in, &len);
  const bool nothing = len == 0 && *p->in.at == UINT8_MAX;
  p->in.at += 10;
  return nothing;
}

static bool play_operation(player *p)
{
  result got = {FR_OK, false, 0};
  switch (take_number(&p->in, 1)) { /* the places in OPERATIONS */
  case 0:
    got.status = start_run(p);
    break;
  case 1:
    got.status = fr_recorder_stop(&p->recorder);
    break;
  case 2:
    return take_number(&p->in, 1) == p->recorder.enabled;
  case 3:
    set_limits(p);
    break;
  case 4:
    p->clock = take_number(&p->in, 8);
    break;
  case 5:
    got = write_run(p, take_number(&p->in, 1));
    break;
  case 6:
    got.status = fr_recorder_close(&p->recorder);
    break;
  case 7:
    got.status = fr_recorder_end_generation(&p->recorder, p->clock);
    break;
  case 8:
    return play_snapshot(p);
  default:
    return play_state(p);
  }
  const bool same = as_wanted(p, got);
  return nothing_else(p) && same;
}

bool player_vector(player *p)
{
  p->name = take_run(&p->in, &p->name_len);
  const fr_system *system = &fr_systems[take_number(&p->in, 1)];
  p->shows_e9 = take_number(&p->in, 1);
  p->ticks_per_second = take_number(&p->in, 8);
  p->clock = 0;
  fr_recorder_init(&p->recorder, system, arena, sizeof arena, &table, pending);
  set_limits(p);
  bool same = true;
  const uint64_t operations = take_number(&p->in, 2);
  for (uint64_t i = 0; i < operations; i++)
    if (!play_operation(p)) same = false;
  return same;
}
