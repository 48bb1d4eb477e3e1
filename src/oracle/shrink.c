#define _GNU_SOURCE
#include "shrink.h"
#include "batch.h"
#include "header.h"
#include <stdlib.h>
#include <string.h>

#define TRIES 2000        /* while outcomes come */
#define TRIES_RESTART 150 /* while the testee has to be started again each time */
#define WAITING 10000     /* ms to wait in all for what never comes */

typedef struct {
  session *s;
  const char *kind;
  json_t *best, *got;
  int left; /* tries */
} shrinker;

/* A copy of the best case, to be made smaller; NULL: no tries are left. */
static json_t *candidate(const shrinker *k)
{
  return k->left > 0 ? json_deep_copy(k->best) : NULL;
}

/* Takes the case for the best, if it fails as that did. It is used up either way. */
static bool keep(shrinker *k, json_t *from)
{
  char kind[KIND_MAX] = "";
  json_t *got = NULL;
  json_object_del(from, "want");
  json_t *outcome = from != NULL ? runner_outcome(k->s->oracle, from) : NULL;
  bool same = false;
  if (outcome != NULL) {
    json_object_set(from, "want", json_object_get(outcome, "out"));
    k->left--;
    if (!session_try(k->s, from, kind, &got)) k->left = 0;
    same = strcmp(kind, k->kind) == 0;
  }
  json_decref(outcome);
  json_decref(same ? k->best : from);
  json_decref(same ? k->got : got);
  if (same) {
    k->best = from;
    k->got = got;
  }
  return same;
}

static json_t *ops_of(const json_t *from)
{
  return json_object_get(from, "ops");
}

/* Leaves out runs of operations, long ones first. */
static bool drop_operations(shrinker *k)
{
  bool any = false;
  for (size_t size = json_array_size(ops_of(k->best)); size > 0; size /= 2)
    for (size_t at = 0; at < json_array_size(ops_of(k->best));) {
      json_t *from = candidate(k);
      for (size_t i = 0; i < size; i++) json_array_remove(ops_of(from), at);
      if (keep(k, from))
        any = true;
      else
        at += size;
    }
  return any;
}

/* The case itself for 0, else one of its operations. */
static json_t *part(const json_t *from, size_t i)
{
  return i == 0 ? (json_t *)(uintptr_t)from : json_array_get(ops_of(from), i - 1);
}

/* Leaves out what an object need not have. */
static bool drop_fields(shrinker *k)
{
  static const char *const keys[] = {"max_bytes", "min_age_ns", "ticks_per_second", "tracer",
                                     "only",      "flushes",    "during",           "sink_fails_after"};
  bool any = false;
  for (size_t i = 0; i <= json_array_size(ops_of(k->best)); i++)
    for (size_t key = 0; key < sizeof keys / sizeof keys[0]; key++) {
      if (json_object_get(part(k->best, i), keys[key]) == NULL) continue;
      json_t *from = candidate(k);
      json_object_del(part(from, i), keys[key]);
      any = keep(k, from) || any;
    }
  return any;
}

/* Tries a number in the place of another. */
static bool try_number(shrinker *k, size_t i, const char *key, uint64_t number)
{
  json_t *from = candidate(k);
  if (from == NULL) return false;
  value_set_unsigned(part(from, i), key, number);
  return keep(k, from);
}

/* Makes numbers 0, or 1, or else as small as halving and counting down go. */
static bool lower_numbers(shrinker *k)
{
  static const char *const keys[] = {"max_bytes", "min_age_ns", "ticks_per_second", "ticks", "sink_fails_after"};
  bool any = false;
  for (size_t i = 0; i <= json_array_size(ops_of(k->best)); i++)
    for (size_t key = 0; key < sizeof keys / sizeof keys[0]; key++) {
      const char *text = json_string_value(json_object_get(part(k->best, i), keys[key]));
      if (text == NULL || strcmp(text, "0") == 0) continue;
      const bool negative = *text == '-';
      uint64_t now = strtoull(text + negative, NULL, 10);
      if (try_number(k, i, keys[key], 0) || (now > 1 && try_number(k, i, keys[key], 1)) ||
          (negative && try_number(k, i, keys[key], now))) {
        any = true;
        continue;
      }
      if (negative) continue;
      while (now > 1 && try_number(k, i, keys[key], now / 2)) now /= 2, any = true;
      while (now > 1 && try_number(k, i, keys[key], now - 1)) now--, any = true;
    }
  return any;
}

/* The list that holds the n-th write of a case, and its place there: an operation's `hex` (place: SIZE_MAX), or one of a
 * flush. NULL: there are not so many. */
static json_t *write_at(const json_t *from, size_t n, size_t *place)
{
  for (size_t i = 0; i < json_array_size(ops_of(from)); i++) {
    json_t *op = json_array_get(ops_of(from), i);
    const json_t *flushes = json_object_get(op, "flushes");
    *place = SIZE_MAX;
    if (json_object_get(op, "hex") != NULL && n-- == 0) return op;
    for (size_t f = 0; f < json_array_size(flushes); f++) {
      json_t *writes = json_array_get(flushes, f);
      *place = n;
      if (n < json_array_size(writes)) return writes;
      n -= json_array_size(writes);
    }
  }
  return NULL;
}

/* Its bytes, which the caller frees. */
static bool write_bytes(const json_t *from, size_t n, uint8_t **bytes, size_t *length)
{
  size_t place, room = 0;
  value_fault fault = {0};
  const json_t *holder = write_at(from, n, &place);
  *bytes = NULL;
  if (holder == NULL) return false;
  const json_t *hex = place == SIZE_MAX ? json_object_get(holder, "hex") : json_array_get(holder, place);
  return value_bytes(hex, bytes, &room, length, &fault);
}

/* Tries these three pieces for the bytes of the n-th write. */
static bool try_bytes(shrinker *k, size_t n, const fr_segment *pieces)
{
  size_t place;
  json_t *from = candidate(k);
  if (from == NULL) return false;
  json_t *holder = write_at(from, n, &place), *box = json_object();
  value_set_bytes(box, "hex", pieces, 3);
  if (place == SIZE_MAX)
    json_object_set(holder, "hex", json_object_get(box, "hex"));
  else
    json_array_set(holder, place, json_object_get(box, "hex"));
  json_decref(box);
  return keep(k, from);
}

/* Leaves out runs of bytes of the n-th write, long ones first. */
static bool drop_bytes(shrinker *k, size_t n)
{
  uint8_t *bytes = NULL;
  size_t length = 0;
  bool any = false;
  if (!write_bytes(k->best, n, &bytes, &length)) return false;
  for (size_t size = length; size > 0; size /= 2)
    for (size_t at = 0; at < length && k->left > 0;) {
      const size_t cut = size < length - at ? size : length - at;
      const fr_segment pieces[3] = {{bytes, at}, {bytes + at + cut, length - at - cut}};
      if (!try_bytes(k, n, pieces)) {
        at += size;
        continue;
      }
      any = true;
      memmove(bytes + at, bytes + at + cut, length - at - cut);
      length -= cut;
    }
  free(bytes);
  return any;
}

/* Tries a batch with this header and so much of its payload for the one at `off`, whose payload begins at `data`. */
static bool try_batch(shrinker *k, size_t n, const fr_batch *b, size_t off, size_t data, size_t end)
{
  uint8_t *bytes = NULL, header[FR_BATCH_HEADER_MAX];
  size_t length = 0;
  if (!write_bytes(k->best, n, &bytes, &length)) return false;
  const size_t head = fr_batch_put(header, b);
  uint8_t *fresh = malloc(head + length);
  bool good = false;
  if (fresh != NULL) {
    memcpy(fresh, header, head);
    memcpy(fresh + head, bytes + data, (size_t)b->size);
    good = try_bytes(k, n, (fr_segment[3]){{bytes, off}, {fresh, head + (size_t)b->size}, {bytes + end, length - end}});
  }
  free(fresh);
  free(bytes);
  return good;
}

/* The i-th attempt at a batch that is simpler than this; false: it is none. */
static bool simpler(const fr_batch *b, int i, fr_batch *now)
{
  *now = *b;
  if (i == 0) now->size = 0;
  if (i == 1) now->size = b->size / 2;
  if (i == 2) now->size = b->size > 0 ? b->size - 1 : 0;
  if (i == 3) now->m = 0;
  if (i == 4) now->time = 0;
  if (i == 5) now->time = 1;
  if (i == 6) now->gen = 1;
  if (i == 7) now->gen = b->gen / 2;
  return now->size < b->size || now->m < b->m || (now->time < b->time) || (now->gen < b->gen && now->gen > 0);
}

/* Makes the batches of the n-th write simpler: shorter payloads, smaller numbers, the shortest headers. */
static bool simplify_batches(shrinker *k, size_t n)
{
  uint8_t *bytes = NULL;
  size_t length = 0, data = 0, off = 0;
  fr_batch b, now;
  bool any = false;
  while (write_bytes(k->best, n, &bytes, &length)) {
    if (off == 0 && length >= FR_HEADER_SIZE && memcmp(bytes, "go 1.", 5) == 0) off = FR_HEADER_SIZE;
    const bool good = fr_batch_get(bytes + off, length - off, &b, &data) == FR_OK && b.type != FR_END_OF_GENERATION;
    free(bytes);
    bytes = NULL;
    if (!good) break;
    bool better = fr_batch_header_size(&b) < data && try_batch(k, n, &b, off, off + data, off + data + (size_t)b.size);
    for (int i = 0; i < 8 && !better; i++)
      better = simpler(&b, i, &now) && try_batch(k, n, &now, off, off + data, off + data + (size_t)b.size);
    any = any || better;
    if (!better) off += data + (size_t)b.size;
  }
  free(bytes);
  return any;
}

static bool shorten_writes(shrinker *k)
{
  bool any = false;
  size_t place;
  for (size_t n = 0; write_at(k->best, n, &place) != NULL && k->left > 0; n++) {
    any = simplify_batches(k, n) || any;
    any = drop_bytes(k, n) || any;
  }
  return any;
}

/* How often trying is worth while, for this kind. */
static int tries(const session *s, const failure *f)
{
  if (f->got != NULL) return TRIES;
  const char *hung = testee_fate_name(TESTEE_HUNG), *closed = testee_fate_name(TESTEE_CLOSED);
  if (strncmp(f->kind, hung, strlen(hung)) == 0) return 3 + (int)(WAITING / s->timeout);
  if (strncmp(f->kind, closed, strlen(closed)) == 0) return WAITING / 1000; /* it takes a second to see */
  return TRIES_RESTART;
}

/* Whether the best case fails so when it is the first that the testee is given. */
static bool alone(shrinker *k)
{
  testee_stop(&k->s->testees[0]);
  k->left++;
  return keep(k, json_deep_copy(k->best));
}

json_t *shrink(session *s, const failure *f, json_t **got)
{
  shrinker k = {.s = s, .kind = f->kind, .best = json_deep_copy(f->from), .left = tries(s, f)};
  json_t *outcome = runner_outcome(s->oracle, k.best);
  bool good = json_equal(json_object_get(outcome, "out"), json_object_get(k.best, "want")) && alone(&k);
  json_decref(outcome);
  bool better = good;
  while (better && k.left > 0) {
    better = drop_operations(&k);
    better = drop_fields(&k) || better;
    better = shorten_writes(&k) || better;
    better = lower_numbers(&k) || better;
  }
  good = good && alone(&k);
  *got = good ? k.got : NULL;
  if (good) return k.best;
  json_decref(k.best);
  json_decref(k.got);
  return NULL;
}
