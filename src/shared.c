#include "shared.h"
#include "bytes.h"

fr_status fr_shared_init(fr_shared *s, fr_recorder *rec, const fr_tracer *tracer)
{
  s->rec = rec;
  s->tracer = *tracer;
  s->on = s->changing = s->snapshotting = false;
  if (pthread_mutex_init(&s->state, NULL) != 0) return FR_NO_SPACE;
  if (pthread_cond_init(&s->change, NULL) == 0) return FR_OK;
  pthread_mutex_destroy(&s->state);
  return FR_NO_SPACE;
}

void fr_shared_destroy(fr_shared *s)
{
  pthread_cond_destroy(&s->change);
  pthread_mutex_destroy(&s->state);
}

void fr_shared_set(fr_shared *s, int64_t max_bytes, int64_t min_age)
{
  pthread_mutex_lock(&s->state);
  fr_recorder_set(s->rec, max_bytes, min_age);
  pthread_mutex_unlock(&s->state);
}

/* With state held, which is let go while waiting. */
static void await_change(fr_shared *s)
{
  while (s->changing) pthread_cond_wait(&s->change, &s->state);
}

/* With state held, which it lets go. */
static void end_change(fr_shared *s, bool on)
{
  s->on = on;
  s->changing = false;
  pthread_cond_broadcast(&s->change);
  pthread_mutex_unlock(&s->state);
}

fr_status fr_shared_start(fr_shared *s, uint64_t ticks_per_second)
{
  pthread_mutex_lock(&s->state);
  await_change(s);
  fr_status status = fr_recorder_start(s->rec, ticks_per_second);
  if (status == FR_OK) s->changing = true;
  pthread_mutex_unlock(&s->state);
  if (status != FR_OK) return status;

  status = s->tracer.start(s->tracer.ctx) == FR_OK ? FR_OK : FR_TRACER_REFUSED;

  pthread_mutex_lock(&s->state);
  if (status != FR_OK) fr_recorder_refuse(s->rec);
  end_change(s, status == FR_OK);
  return status;
}

fr_status fr_shared_stop(fr_shared *s)
{
  fr_status status;
  pthread_mutex_lock(&s->state);
  await_change(s);
  if (!s->on) {
    status = fr_recorder_stop(s->rec); /* which is not running; the system says what that comes to */
    pthread_mutex_unlock(&s->state);
    return status;
  }
  s->changing = true;
  s->on = false; /* no snapshot begins from here on */
  while (s->snapshotting) pthread_cond_wait(&s->change, &s->state);
  pthread_mutex_unlock(&s->state);

  s->tracer.stop(s->tracer.ctx);

  pthread_mutex_lock(&s->state);
  status = fr_recorder_stop(s->rec);
  end_change(s, false);
  return status;
}

bool fr_shared_enabled(fr_shared *s)
{
  pthread_mutex_lock(&s->state);
  const bool on = s->on;
  pthread_mutex_unlock(&s->state);
  return on;
}

fr_status fr_shared_error(fr_shared *s)
{
  pthread_mutex_lock(&s->state);
  const fr_status error = s->rec->error;
  pthread_mutex_unlock(&s->state);
  return error;
}

fr_status fr_shared_write(fr_shared *s, const uint8_t *p, size_t len, int64_t *n)
{
  const uint64_t now = s->tracer.clock(s->tracer.ctx);
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_recorder_write(s->rec, p, len, now, n);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_end_generation(fr_shared *s)
{
  const uint64_t now = s->tracer.clock(s->tracer.ctx);
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_recorder_end_generation(s->rec, now);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_close(fr_shared *s)
{
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_recorder_close(s->rec);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_move_arena(fr_shared *s, uint8_t *buf, size_t cap)
{
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_ring_move_arena(&s->rec->keeper.ring, buf, cap);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_move_table(fr_shared *s, const fr_table *t)
{
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_ring_move_table(&s->rec->keeper.ring, t);
  pthread_mutex_unlock(&s->state);
  return status;
}

static fr_status begin_snapshot(fr_shared *s)
{
  fr_status status = FR_OK;
  pthread_mutex_lock(&s->state);
  if (!s->on)
    status = FR_NOT_ENABLED;
  else if (s->snapshotting)
    status = FR_BUSY;
  else
    s->snapshotting = true;
  pthread_mutex_unlock(&s->state);
  return status;
}

static void end_snapshot(fr_shared *s)
{
  pthread_mutex_lock(&s->state);
  s->snapshotting = false;
  pthread_cond_broadcast(&s->change);
  pthread_mutex_unlock(&s->state);
}

/* Copies the snapshot to buf[0 .. cap - 1]; *len is how long it is. With state held. */
static fr_status copy(const fr_recorder *rec, uint8_t *buf, size_t cap, size_t *len)
{
  fr_segment seg[3];
  size_t at = 0;
  const fr_status status = fr_recorder_snapshot(rec, seg);
  if (status != FR_OK) return status;
  for (int i = 0; i < 3; i++) {
    if (seg[i].len > cap - at) return FR_NO_SPACE;
    fr_copy(buf + at, seg[i].base, seg[i].len);
    at += seg[i].len;
  }
  *len = at;
  return FR_OK;
}

fr_status fr_shared_snapshot(fr_shared *s, uint8_t *buf, size_t cap, fr_sink sink, void *ctx, size_t *n)
{
  size_t len = 0;
  *n = 0;
  fr_status status = begin_snapshot(s);
  if (status != FR_OK) return status;

  for (uint32_t i = 0; i < s->rec->keeper.system->flushes; i++) s->tracer.flush(s->tracer.ctx);

  pthread_mutex_lock(&s->state);
  status = copy(s->rec, buf, cap, &len);
  pthread_mutex_unlock(&s->state);

  if (status == FR_OK && !sink(ctx, buf, len)) status = FR_SINK;
  if (status == FR_OK) *n = len;
  end_snapshot(s);
  return status;
}
