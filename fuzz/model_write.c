/* model: what a write does. Rules G-2 to G-5, G-8, L-4, L-5, L-7, L-8 and L-9 of spec/rules.md, and what systems.md
 * says of each framing. */

#include "model.h"
#include <string.h>

/* Keeps the first error of the run. */
static int fault(md_recorder *r, int status)
{
  if (r->error == FZ_OK && status != FZ_DEADLOCK) r->error = status;
  return status;
}

/* Ends the active generation of a system that has its frequency from the stream (G-4, E2). */
static int rotate(md_recorder *r, uint64_t clock)
{
  if (r->locked) return FZ_DEADLOCK;
  if (!r->active->has_frequency) {
    r->locked = r->system->error != MD_ENDS;
    return FZ_NO_FREQUENCY;
  }
  md_complete(r, clock);
  return FZ_OK;
}

/* A whole batch in one of x/exp: the rotation, then the frequency, then the rest (G-8, E3, E7, E12). */
static int take_loosely(md_recorder *r, const md_batch *b, const uint8_t *p, uint64_t clock)
{
  const md_system *s = r->system;
  const uint8_t *payload = p + b->head;
  const bool ordinary = b->experiment == 0;
  if (b->type == MD_END_MARK) {
    md_keep_mark(r, p, 1);
    return FZ_OK;
  }
  if (s->payload_marks && ordinary && b->size > 0 && payload[0] == MD_END_MARK) {
    md_keep_mark(r, payload, (size_t)b->size);
    return FZ_OK;
  }
  if (r->active->gen != 0 && b->gen == r->active->gen + 1) {
    const int status = rotate(r, clock);
    if (status != FZ_OK) return status;
  }
  uint64_t ticks;
  const int said = ordinary ? md_frequency(s, r->stream.version, payload, (size_t)b->size, &ticks) : FZ_NO_FREQUENCY;
  if (said == FZ_BAD_FREQUENCY) {
    if (s->frequency == MD_PLAIN) return said;
    r->active->has_frequency = false;
  } else if (said == FZ_OK) {
    r->active->has_frequency = true;
    r->active->frequency = ticks;
  }
  md_keep(r, b, p);
  return FZ_OK;
}

/* A whole batch in strict (G-2 to G-4). */
static int take_strictly(md_recorder *r, const md_batch *b, const uint8_t *p, uint64_t clock)
{
  md_generation *g = r->active;
  if (b->type == MD_END_MARK) {
    if (g->first == NULL) return FZ_BAD_END_MARK;
    if (!g->has_frequency) return FZ_NO_FREQUENCY;
    md_keep_mark(r, p, 1);
    return rotate(r, clock);
  }
  const uint64_t before = g->first == NULL ? r->last_gen : g->gen;
  const bool follows = before == 0 || b->gen == before + 1;
  if (b->gen == 0) return FZ_BAD_GENERATION;
  if (g->first == NULL || b->gen != g->gen) {
    if (!follows) return FZ_BAD_GENERATION;
    if (g->first != NULL) {
      if (r->stream.version >= r->system->end_marks_since) return FZ_BAD_GENERATION;
      const int status = rotate(r, clock);
      if (status != FZ_OK) return status;
      g = r->active;
    }
  }
  uint64_t ticks;
  const int said = b->type == MD_EVENTS
    ? md_frequency(r->system, r->stream.version, p + b->head, (size_t)b->size, &ticks)
    : FZ_NO_FREQUENCY;
  if (said == FZ_OK && g->has_frequency) return FZ_BAD_FREQUENCY;
  if (said == FZ_OK) {
    g->has_frequency = true;
    g->frequency = ticks;
  } else if (said != FZ_NO_FREQUENCY) {
    return said;
  }
  md_keep(r, b, p);
  return FZ_OK;
}

/* A header that came whole. Where it is refused, exp-eog's snapshots show it all the same. */
static int take_header(md_recorder *r, const uint8_t *p)
{
  const int status = md_header(r->system, p, &r->stream.version);
  if (status == FZ_OK || r->system->framing != MD_STREAM) memcpy(r->header, p, MD_HEADER_SIZE);
  if (status == FZ_OK) r->stream.header_len = MD_HEADER_SIZE;
  return status;
}

/* `first`: a write is a batch, the first one with the header before it (E11). */
static int write_first(md_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  if (r->stream.header_len == 0) {
    if (len < MD_HEADER_SIZE) return FZ_SHORT_HEADER;
    *n = MD_HEADER_SIZE;
    const int status = take_header(r, p);
    if (status != FZ_OK) return status;
    p += MD_HEADER_SIZE;
    len -= MD_HEADER_SIZE;
  }
  if (len == 0) return FZ_OK;
  const md_batch b = md_batch_read(r->system, r->stream.version, p, len);
  *n += (int64_t)b.read;
  if (b.status != FZ_OK) {
    if (len == 1 && b.type == MD_EXPERIMENT && b.status == FZ_TRUNCATED) return FZ_OK; /* E23 */
    return b.status;
  }
  return take_loosely(r, &b, p, clock);
}

/* `exact`: a write is exactly a batch (E5, E6, E16, E25). */
static int write_exact(md_recorder *r, const uint8_t *p, size_t len, int64_t *n)
{
  const int64_t all = (int64_t)len;
  if (r->stream.header_len == 0) {
    if (len < MD_HEADER_SIZE) return FZ_SHORT_HEADER;
    (void)take_header(r, p); /* any 16 bytes are one */
    p += MD_HEADER_SIZE;
    len -= MD_HEADER_SIZE;
  }
  *n = all;
  if (len == 0) return FZ_OK;
  const md_batch b = md_batch_read(r->system, 0, p, len);
  const int64_t rest = (int64_t)len, read = (int64_t)b.read;
  if (b.type == MD_END_MARK) {
    *n = len == 1 ? all : rest - 1;
    if (len > 1) return FZ_BAD_END_MARK;
    md_keep_mark(r, p, 1);
    return FZ_OK;
  }
  if (b.status == FZ_TRUNCATED && b.head == 0) {
    *n = 0;
    return FZ_OVERFLOW;
  }
  if (b.status == FZ_OVERFLOW) {
    *n = b.asks_for_more ? 0 : rest - (read - 1);
    return FZ_OVERFLOW;
  }
  if (b.status == FZ_BAD_TYPE || b.status == FZ_BAD_SIZE) {
    *n = rest - read;
    return b.status;
  }
  if (b.head + b.size != len) {
    *n = rest - (int64_t)(b.head + b.size);
    return FZ_NOT_ONE_BATCH;
  }
  md_keep(r, &b, p);
  return FZ_OK;
}

/* Takes the header from a stream; how many bytes of it were there. */
static size_t stream_header(md_recorder *r, const uint8_t *p, size_t len, int *status)
{
  md_stream *stream = &r->stream;
  const size_t lacks = MD_HEADER_SIZE - stream->header_len;
  const size_t k = len < lacks ? len : lacks;
  memcpy(stream->header + stream->header_len, p, k);
  if (r->system->header_in_place) memcpy(r->header + stream->header_len, p, k);
  stream->header_len += k;
  *status = stream->header_len == MD_HEADER_SIZE ? take_header(r, stream->header) : FZ_OK;
  return k;
}

/* Takes bytes of batches from a stream; *done: how many of these, and of what had come before, were of whole and good
 * ones. What is behind them is kept for later. */
static int stream_batches(md_recorder *r, const uint8_t *p, size_t len, uint64_t clock, size_t *done)
{
  md_bytes *got = &r->stream.got;
  int status = FZ_OK;
  *done = 0;
  md_append(got, p, len);
  while (status == FZ_OK && *done < got->len) {
    const md_batch b = md_batch_read(r->system, r->stream.version, got->p + *done, got->len - *done);
    status = b.status;
    if (status == FZ_OK && r->system->error == MD_ENDS) status = take_strictly(r, &b, got->p + *done, clock);
    if (status == FZ_OK && r->system->error == MD_BLOCKS) status = take_loosely(r, &b, got->p + *done, clock);
    if (status == FZ_OK) *done += b.read;
  }
  if (*done > 0) memmove(got->p, got->p + *done, got->len - *done);
  got->len -= *done;
  return status == FZ_TRUNCATED ? FZ_OK : status;
}

/* How many bytes a reader of a pipe asks for, once the header is there: a buffer, or what is to come of a payload. */
static size_t reader_asks(const md_recorder *r)
{
  const md_bytes *got = &r->stream.got;
  const md_batch b = md_batch_read(r->system, 0, got->p, got->len);
  const size_t to_come = b.head > 0 ? b.head + (size_t)b.size - got->len : 0;
  return to_come >= r->system->read_ahead ? to_come : r->system->read_ahead;
}

/* `stream` through a pipe (exp-pipe). */
static int write_pipe(md_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  md_stream *stream = &r->stream;
  size_t at = 0;
  if (!stream->open) return FZ_CLOSED;
  *n = (int64_t)len;
  if (stream->unread) return FZ_BLOCKED;
  while (at < len) {
    int status;
    size_t done;
    if (stream->unread) return FZ_BLOCKED;
    if (stream->header_len < MD_HEADER_SIZE) {
      at += stream_header(r, p + at, len - at, &status);
    } else {
      const size_t asks = reader_asks(r), k = len - at < asks ? len - at : asks;
      status = stream_batches(r, p + at, k, clock, &done);
      at += k;
    }
    stream->unread = fault(r, status) != FZ_OK;
    r->stuck = r->stuck || status == FZ_DEADLOCK;
  }
  return FZ_OK;
}

/* `stream` as the rules have it (strict). */
static int write_strict(md_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  md_stream *stream = &r->stream;
  size_t at = 0, done;
  int status = FZ_OK;
  if (!r->enabled || !stream->open) return FZ_NOT_ENABLED;
  if (r->error != FZ_OK) return r->error;
  if (stream->header_len < MD_HEADER_SIZE) {
    at = stream_header(r, p, len, &status);
    *n = (int64_t)at;
    if (status != FZ_OK) return fault(r, status);
  }
  const size_t before = stream->got.len;
  status = stream_batches(r, p + at, len - at, clock, &done);
  *n = status == FZ_OK ? (int64_t)len : (int64_t)(at + (done > before ? done - before : 0));
  return fault(r, status);
}

int md_write(md_recorder *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  *n = 0;
  if (!r->stream.begun) return FZ_NOT_ENABLED;
  switch (r->system->framing) {
  case MD_FIRST:
    return fault(r, write_first(r, p, len, clock, n));
  case MD_EXACT:
    return write_exact(r, p, len, n);
  case MD_STREAM:
    break;
  }
  return r->system->error == MD_BLOCKS ? write_pipe(r, p, len, clock, n) : write_strict(r, p, len, clock, n);
}

int md_end_generation(md_recorder *r, uint64_t clock)
{
  const md_stream *stream = &r->stream;
  if (!stream->begun) return FZ_NOT_ENABLED;
  if (r->system->rotation == MD_MARK) {
    md_complete(r, clock);
    return FZ_OK;
  }
  if (!r->enabled) return FZ_NOT_ENABLED;
  if (r->error != FZ_OK) return r->error;
  if (stream->got.len > 0) return FZ_TRUNCATED;
  if (r->active->first == NULL) return FZ_BAD_END_MARK;
  return rotate(r, clock);
}
