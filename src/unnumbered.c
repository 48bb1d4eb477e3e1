#include "unnumbered.h"
#include "batch.h"

#define CHUNK 256u

void fr_unnumbered_prefix(uint8_t prefix[FR_RECORD_PREFIX], bool batch, size_t n)
{
  for (uint32_t i = 0; i < FR_RECORD_PREFIX; i++) prefix[i] = 0;
  prefix[0] = batch;
  for (uint32_t i = 0; i < 4; i++) prefix[1 + i] = (uint8_t)(n >> 8 * i);
}

/* The length of the body behind a prefix. */
static size_t body_length(const uint8_t prefix[FR_RECORD_PREFIX])
{
  return (size_t)prefix[1] | (size_t)prefix[2] << 8 | (size_t)prefix[3] << 16 | (size_t)prefix[4] << 24;
}

/* Moves n bytes of the active generation from position `from` down to position `to`. */
static void move_down(fr_ring *r, uint64_t to, uint64_t from, size_t n)
{
  uint8_t chunk[CHUNK];
  while (n > 0) {
    const size_t k = n < CHUNK ? n : CHUNK;
    fr_store_read(&r->store, from, chunk, k);
    fr_ring_replace(r, to, chunk, k);
    from += k;
    to += k;
    n -= k;
  }
}

void fr_unnumbered_settle(fr_ring *r, uint64_t gen)
{
  uint8_t prefix[FR_RECORD_PREFIX], head[1 + FR_UVARINT_MAX];
  uint64_t from = r->table.start[r->n], to = from;
  head[0] = FR_EVENT_BATCH;
  const size_t head_len = 1 + fr_uvarint_put(head + 1, gen);
  while (from < r->store.end) {
    fr_store_read(&r->store, from, prefix, FR_RECORD_PREFIX);
    const size_t n = body_length(prefix);
    if (prefix[0] != 0) {
      fr_ring_replace(r, to, head, head_len);
      to += head_len;
    }
    move_down(r, to, from + FR_RECORD_PREFIX, n);
    to += n;
    from += FR_RECORD_PREFIX + n;
  }
  fr_ring_cut(r, to);
}
