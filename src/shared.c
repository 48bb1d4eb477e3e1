#include "shared.h"

fr_status fr_shared_init(fr_shared *s, fr_recorder *recorder, const fr_tracer *tracer)
{
  s->recorder = recorder;
  s->tracer = *tracer;
  s->on = s->changing = s->snapshotting = false;
  s->error = FR_OK;
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
  fr_recorder_set(s->recorder, max_bytes, min_age);
  pthread_mutex_unlock(&s->state);
}

/* Takes the turn of a start or stop, if `on` is as wanted. With state held; it is let go while waiting. */
static bool begin_change(fr_shared *s, bool on)
{
  while (s->changing) pthread_cond_wait(&s->change, &s->state);
  if (s->on != on) return false;
  s->changing = true;
  return true;
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
  if (!begin_change(s, false)) {
    pthread_mutex_unlock(&s->state);
    return FR_ALREADY_ENABLED;
  }
  (void)fr_recorder_start(s->recorder, ticks_per_second); /* it is stopped, so this cannot fail */
  s->error = FR_OK;
  pthread_mutex_unlock(&s->state);

  const bool started = s->tracer.start(s->tracer.ctx) == FR_OK;

  pthread_mutex_lock(&s->state);
  if (!started) fr_recorder_refuse(s->recorder);
  end_change(s, started);
  return started ? FR_OK : FR_TRACER_REFUSED;
}

fr_status fr_shared_stop(fr_shared *s)
{
  pthread_mutex_lock(&s->state);
  if (!begin_change(s, true)) {
    pthread_mutex_unlock(&s->state);
    return FR_NOT_ENABLED;
  }
  s->on = false; /* no snapshot begins from here on */
  while (s->snapshotting) pthread_cond_wait(&s->change, &s->state);
  pthread_mutex_unlock(&s->state);

  s->tracer.stop(s->tracer.ctx);

  pthread_mutex_lock(&s->state);
  const fr_status status = fr_recorder_stop(s->recorder);
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
  const fr_status error = s->error;
  pthread_mutex_unlock(&s->state);
  return error;
}

/* With state held. */
static void note(fr_shared *s, fr_status status)
{
  if (s->error == FR_OK && status != FR_NO_SPACE) s->error = status;
}

fr_status fr_shared_write(fr_shared *s, const uint8_t *p, size_t len, int64_t *n)
{
  const uint64_t now = s->tracer.clock(s->tracer.ctx);
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_recorder_write(s->recorder, p, len, now, n);
  note(s, status);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_end_generation(fr_shared *s)
{
  const uint64_t now = s->tracer.clock(s->tracer.ctx);
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_recorder_end_generation(s->recorder, now);
  note(s, status);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_move_arena(fr_shared *s, uint8_t *buf, size_t cap)
{
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_ring_move_arena(&s->recorder->ring, buf, cap);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_move_table(fr_shared *s, const fr_table *t)
{
  pthread_mutex_lock(&s->state);
  const fr_status status = fr_ring_move_table(&s->recorder->ring, t);
  pthread_mutex_unlock(&s->state);
  return status;
}

/* A snapshot begins if one may. */
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

/* Copies what the ring holds now. */
static fr_status copy_snapshot(fr_shared *s, uint8_t *buf, size_t cap, size_t *len)
{
  fr_segment segments[3];
  pthread_mutex_lock(&s->state);
  fr_status status = fr_recorder_snapshot(s->recorder, segments);
  if (status == FR_OK) status = fr_snapshot_copy(&s->recorder->ring, s->recorder->header, buf, cap, len);
  pthread_mutex_unlock(&s->state);
  return status;
}

fr_status fr_shared_snapshot(fr_shared *s, uint8_t *buf, size_t cap, fr_sink sink, void *ctx, size_t *n)
{
  size_t len = 0;
  *n = 0;
  fr_status status = begin_snapshot(s);
  if (status != FR_OK) return status;
  const uint32_t flushes = s->recorder->system->flushes; /* never changes */
  for (uint32_t i = 0; i < flushes; i++) s->tracer.flush(s->tracer.ctx);
  status = copy_snapshot(s, buf, cap, &len);
  if (status == FR_OK && !sink(ctx, buf, len)) status = FR_SINK;
  if (status == FR_OK) *n = len;
  end_snapshot(s);
  return status;
}
