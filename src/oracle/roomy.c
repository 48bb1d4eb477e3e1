#include "roomy.h"
#include <stdlib.h>

#define ARENA_AT_FIRST ((size_t)256 * 1024) /* more than any batch */
#define SLOTS_AT_FIRST 16u
#define COLUMNS 5u

/* A table of so many slots; t->start is what is to be freed. False: out of memory. */
static bool make_table(fr_table *t, uint32_t slots)
{
  uint64_t *columns = calloc(slots, COLUMNS * sizeof *columns);
  if (columns == NULL) return false;
  *t = (fr_table){
    .start = columns,
    .account = columns + slots,
    .gen = columns + 2 * (size_t)slots,
    .min_time = (int64_t *)(columns + 3 * (size_t)slots),
    .stamp = columns + 4 * (size_t)slots,
    .slots = slots,
  };
  return true;
}

bool roomy_open(roomy *r)
{
  fr_table table = {0};
  *r = (roomy){.arena = malloc(ARENA_AT_FIRST), .pending = malloc(FR_BATCH_MAX)};
  if (r->arena == NULL || r->pending == NULL || !make_table(&table, SLOTS_AT_FIRST)) {
    roomy_close(r);
    return false;
  }
  r->columns = table.start;
  fr_ring_init(&r->recorder.keeper.ring, r->arena, ARENA_AT_FIRST, &table);
  return true;
}

void roomy_reset(roomy *r, const fr_system *system)
{
  const fr_table table = r->recorder.keeper.ring.table;
  fr_recorder_init(&r->recorder, system, r->arena, r->recorder.keeper.ring.store.cap, &table, r->pending);
}

/* Gives the ring an arena twice as large. */
static bool grow_arena(roomy *r)
{
  fr_ring *ring = &r->recorder.keeper.ring;
  const size_t cap = ring->store.cap;
  uint8_t *larger = cap <= FR_STORE_MAX / 2 ? malloc(2 * cap) : NULL;
  if (larger == NULL || fr_ring_move_arena(ring, larger, 2 * cap) != FR_OK) {
    free(larger);
    return false;
  }
  free(r->arena);
  r->arena = larger;
  return true;
}

/* Gives the ring a table twice as large. */
static bool grow_table(roomy *r)
{
  fr_ring *ring = &r->recorder.keeper.ring;
  fr_table larger = {0};
  const uint32_t slots = ring->table.slots;
  if (slots > UINT32_MAX / 2 || !make_table(&larger, 2 * slots) || fr_ring_move_table(ring, &larger) != FR_OK) {
    free(larger.start);
    return false;
  }
  free(r->columns);
  r->columns = larger.start;
  return true;
}

/* Room for one rotation, and for `bytes` more in the arena. */
static bool make_room(roomy *r, size_t bytes)
{
  fr_ring *ring = &r->recorder.keeper.ring;
  while (fr_store_room(&ring->store) < bytes)
    if (!grow_arena(r)) return false;
  return ring->n + 2 <= ring->table.slots - 1 || grow_table(r);
}

/* A write while the watch looks on. */
static fr_status watched_write(roomy *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  if (r->watch == NULL) return fr_recorder_write(&r->recorder, p, len, clock, n);
  r->watch->before(r->watch->self, &r->recorder.keeper);
  const fr_status status = fr_recorder_write(&r->recorder, p, len, clock, n);
  r->watch->after(r->watch->self, &r->recorder.keeper, clock, false);
  return status;
}

fr_status roomy_write(roomy *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n)
{
  size_t done = 0;
  fr_status status;
  *n = 0;
  /* What a batch takes at most, written anew or as a record. Several may come in one write: hence the loop. */
  if (!make_room(r, FR_BATCH_MAX)) return FR_NO_SPACE;
  while ((status = watched_write(r, p + done, len - done, clock, n)) == FR_NO_SPACE) {
    done += (size_t)*n;
    if (!make_room(r, FR_BATCH_MAX)) return FR_NO_SPACE;
  }
  if (done > 0) *n += (int64_t)done;
  return status;
}

fr_status roomy_end_generation(roomy *r, uint64_t clock)
{
  if (!make_room(r, 0)) return FR_NO_SPACE;
  if (r->watch != NULL) r->watch->before(r->watch->self, &r->recorder.keeper);
  const fr_status status = fr_recorder_end_generation(&r->recorder, clock);
  if (r->watch != NULL) r->watch->after(r->watch->self, &r->recorder.keeper, clock, status == FR_OK);
  return status;
}

void roomy_close(roomy *r)
{
  free(r->arena);
  free(r->columns);
  free(r->pending);
}
