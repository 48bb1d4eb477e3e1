/* model: generations, and what stays of them. Rules G-5 to G-9, P-1 to P-5, S-1 to S-5 and C-2 of spec/rules.md. */

#include "model.h"
#include <stdlib.h>
#include <string.h>

void *md_memory(void *old, size_t size)
{
  void *memory = realloc(old, size);
  if (memory == NULL) abort();
  return memory;
}

void md_append(md_bytes *to, const uint8_t *p, size_t len)
{
  if (len == 0) return;
  if (len > to->cap - to->len) {
    to->cap = 2 * (to->len + len);
    to->p = md_memory(to->p, to->cap);
  }
  memcpy(to->p + to->len, p, len);
  to->len += len;
}

md_generation *md_generation_new(void)
{
  md_generation *g = md_memory(NULL, sizeof *g);
  *g = (md_generation){0};
  return g;
}

static void generation_free(md_generation *g)
{
  while (g->first != NULL) {
    md_kept *next = g->first->next;
    free(g->first);
    g->first = next;
  }
  free(g);
}

void md_forget(md_recorder *r)
{
  for (size_t i = 0; i < r->ring_len; i++) generation_free(r->ring[i]);
  r->ring_len = 0;
  generation_free(r->active);
  r->active = md_generation_new();
  r->last_gen = 0;
}

void md_free(md_recorder *r)
{
  md_forget(r);
  generation_free(r->active);
  free(r->ring);
  free(r->stream.got.p);
  free(r);
}

static md_kept *keep(md_generation *g, const uint8_t *p, size_t len)
{
  md_kept *kept = md_memory(NULL, sizeof *kept + len);
  *kept = (md_kept){.as_it_is = true, .len = len};
  if (len > 0) memcpy(kept->bytes, p, len);
  if (g->last == NULL)
    g->first = kept;
  else
    g->last->next = kept;
  g->last = kept;
  return kept;
}

/* G-9. A minimum of 0 is none. */
static void note_time(md_recorder *r, uint64_t ticks)
{
  const md_system *s = r->system;
  md_generation *g = r->active;
  if (ticks == 0 && !s->zero_is_time) return;
  if (s->nanoseconds) {
    const int64_t ns = md_nanoseconds(s, r->ticks_per_second, ticks);
    if (g->min_time == 0 || ns < (int64_t)g->min_time) g->min_time = (uint64_t)ns;
  } else if (g->min_time == 0 || ticks < g->min_time) {
    g->min_time = ticks;
  }
}

void md_keep(md_recorder *r, const md_batch *b, const uint8_t *p)
{
  const md_system *s = r->system;
  md_generation *g = r->active;
  if (g->gen == 0) g->gen = b->gen;
  note_time(r, b->time);
  if (s->verbatim) {
    keep(g, p, b->read);
  } else {
    md_kept *kept = keep(g, p + b->head, (size_t)b->size);
    kept->as_it_is = false;
    kept->thread = b->thread;
    kept->time = b->time;
  }
  g->size += s->estimated ? md_estimate(b) : b->read;
}

void md_keep_mark(md_recorder *r, const uint8_t *p, size_t len)
{
  keep(r->active, p, len);
  if (!r->system->estimated) r->active->size += 1;
}

/* How many generations at the begin of the ring have to go. P-1 to P-4. */
static size_t surplus(const md_recorder *r, int64_t now)
{
  size_t i = r->ring_len;
  uint64_t taken = 0;
  while (i > 0) {
    const md_generation *g = r->ring[--i];
    taken += g->size;
    const bool below_zero = r->max_bytes < 0 && !r->system->unsigned_limit;
    if (below_zero || taken > (uint64_t)r->max_bytes) break;
    const int64_t then =
      r->system->nanoseconds ? (int64_t)g->min_time : md_nanoseconds(r->system, g->frequency, g->min_time);
    if ((int64_t)((uint64_t)now - (uint64_t)then) > r->min_age) break;
  }
  return i;
}

void md_complete(md_recorder *r, uint64_t clock)
{
  const uint64_t rate = r->system->frequency == MD_GIVEN ? r->ticks_per_second : r->active->frequency;
  if (r->ring_len == r->ring_cap) {
    r->ring_cap = 2 * r->ring_cap + 8;
    r->ring = md_memory(r->ring, r->ring_cap * sizeof(md_generation *));
  }
  r->ring[r->ring_len++] = r->active;
  r->last_gen = r->active->gen;
  r->active = md_generation_new();
  const size_t gone = surplus(r, md_nanoseconds(r->system, rate, clock));
  for (size_t i = 0; i < gone; i++) generation_free(r->ring[i]);
  r->ring_len -= gone;
  memmove(r->ring, r->ring + gone, r->ring_len * sizeof(md_generation *));
}

static bool give(const fz_exit *to, const uint8_t *p, size_t len)
{
  return to->sink(to->context, p, len) == len;
}

/* S-2, S-5. */
static bool give_kept(const fz_exit *to, uint64_t gen, const md_kept *kept)
{
  uint8_t head[41];
  size_t len = 0;
  if (!kept->as_it_is) {
    head[len++] = MD_EVENTS;
    len += md_put_uvarint(head + len, gen);
    len += md_put_uvarint(head + len, kept->thread);
    len += md_put_uvarint(head + len, kept->time);
    len += md_put_uvarint(head + len, kept->len);
  }
  return (len == 0 || give(to, head, len)) && (kept->len == 0 || give(to, kept->bytes, kept->len));
}

/* S-1, S-4. */
int md_give(const md_recorder *r, const fz_exit *to)
{
  if (!give(to, r->header, MD_HEADER_SIZE)) return FZ_SINK;
  for (size_t i = 0; i < r->ring_len; i++)
    for (const md_kept *kept = r->ring[i]->first; kept != NULL; kept = kept->next)
      if (!give_kept(to, r->ring[i]->gen, kept)) return FZ_SINK;
  return FZ_OK;
}
