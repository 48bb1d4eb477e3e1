/* model: the life of a recorder, as an fz_subject. Rules L-1 to L-10 of spec/rules.md; see model.h. */

#include "model.h"
#include <stdlib.h>

static void *model_create(const char *system, uint64_t ticks_per_second)
{
  const md_system *s = md_system_named(system);
  if (s == NULL) return NULL;
  md_recorder *r = md_memory(NULL, sizeof *r);
  *r = (md_recorder){
    .system = s,
    .ticks_per_second = ticks_per_second,
    .next_max_bytes = 10485760,
    .next_min_age = 10000000000,
    .active = md_generation_new(),
  };
  return r;
}

static void model_destroy(void *self)
{
  md_free(self);
}

/* L-3, E13. */
static void model_set(void *self, int64_t max_bytes, int64_t min_age_ns)
{
  md_recorder *r = self;
  const bool standard = r->system->zero_is_default;
  r->next_max_bytes = standard && max_bytes == 0 ? 10485760 : max_bytes;
  r->next_min_age = standard && min_age_ns == 0 ? 10000000000 : min_age_ns;
}

/* L-1, L-2. */
static int model_start(void *self, bool refuses)
{
  md_recorder *r = self;
  if (r->enabled) return FZ_ALREADY_ENABLED;
  r->max_bytes = r->next_max_bytes;
  r->min_age = r->next_min_age;
  r->error = FZ_OK;
  if (refuses) return FZ_TRACER_REFUSED;
  free(r->stream.got.p);
  r->stream = (md_stream){.begun = true, .open = true};
  r->enabled = true;
  return FZ_OK;
}

/* The stream has ended (L-8): an error of the run, if that was too early. One that has not even begun is an error in
 * exp-pipe alone. */
static void end_stream(md_recorder *r, int in_header, int in_batch)
{
  md_stream *stream = &r->stream;
  if (!stream->open || stream->unread || r->error != FZ_OK) return;
  if (stream->header_len < MD_HEADER_SIZE)
    r->error = stream->header_len > 0 || r->system->error == MD_BLOCKS ? in_header : FZ_OK;
  else if (stream->got.len > 0)
    r->error = in_batch;
}

/* L-1, L-7. */
static int model_stop(void *self)
{
  md_recorder *r = self;
  const md_system *s = r->system;
  if (!r->enabled) return s->stop_needs_start ? FZ_NOT_ENABLED : FZ_OK;
  r->enabled = false;
  if (s->framing == MD_STREAM)
    end_stream(r, s->error == MD_BLOCKS ? FZ_CLOSED : FZ_TRUNCATED, s->error == MD_BLOCKS ? FZ_CLOSED : FZ_TRUNCATED);
  if (!s->takes_after_stop) r->stream.open = false;
  if (r->stuck) return FZ_DEADLOCK;
  md_forget(r);
  return s->stop_tells ? r->error : FZ_OK;
}

static bool model_enabled(const void *self)
{
  return ((const md_recorder *)self)->enabled;
}

static int model_write(void *self, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  return md_write(self, p, len, clock, n);
}

/* L-8. */
static int model_close(void *self)
{
  md_recorder *r = self;
  if (!r->stream.begun) return FZ_NOT_ENABLED;
  end_stream(r, FZ_SHORT_HEADER, FZ_TRUNCATED);
  r->stream.open = false;
  return FZ_OK;
}

static int model_end_generation(void *self, uint64_t clock)
{
  return md_end_generation(self, clock);
}

/* L-6. A call that would never return leaves nothing behind: whoever asks next is not told that it is busy. */
static int model_snapshot(void *self, const fz_exit *to)
{
  md_recorder *r = self;
  int status = FZ_OK;
  if (!r->enabled) return FZ_NOT_ENABLED;
  if (r->snapshotting) return FZ_BUSY;
  r->snapshotting = true;
  for (unsigned i = 0; i < r->system->flushes && status == FZ_OK; i++) status = to->flush(to->context);
  if (status == FZ_OK) status = r->locked ? FZ_DEADLOCK : md_give(r, to);
  r->snapshotting = false;
  return status;
}

static size_t model_state(const void *self, fz_generation *g, size_t cap)
{
  const md_recorder *r = self;
  for (size_t i = 0; i <= r->ring_len && i < cap; i++) {
    const md_generation *from = i == 0 ? r->active : r->ring[i - 1];
    g[i] = (fz_generation){.gen = from->gen, .size = from->size, .min_time = from->min_time};
  }
  return r->ring_len + 1;
}

const fz_subject fz_model = {
  .name = "model",
  .create = model_create,
  .destroy = model_destroy,
  .set = model_set,
  .start = model_start,
  .stop = model_stop,
  .enabled = model_enabled,
  .write = model_write,
  .close = model_close,
  .end_generation = model_end_generation,
  .snapshot = model_snapshot,
  .state = model_state,
};
