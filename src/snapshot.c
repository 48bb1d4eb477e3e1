#include "snapshot.h"
#include "bytes.h"

/* Bytes of the complete generations. */
/*@
  requires memory: rg_memory(r);
  requires sound: rg_ok(r);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures bytes: \result == rg_complete(r);
  ensures held: r->store.first + \result <= r->store.end;
  ensures bound: \result <= FR_STORE_MAX;
*/
static inline size_t complete_bytes(const fr_ring *r)
{
  return (size_t)(r->table.start[r->n] - r->store.first);
}

size_t fr_snapshot_size(const fr_ring *r)
{
  return FR_HEADER_SIZE + complete_bytes(r);
}

void fr_snapshot_segments(const fr_ring *r, const uint8_t *header, fr_segment seg[3])
{
  const size_t n = complete_bytes(r);
  seg[0].base = header;
  seg[0].len = FR_HEADER_SIZE;
  fr_store_segments(&r->store, r->store.first, n, seg + 1);
  /*@
    assert second: \forall integer at; r->store.first + seg[1].len <= at < r->store.first + n ==>
      seg[2].base[at - r->store.first - seg[1].len] == rg_byte(r, at);
  */
}

fr_status fr_snapshot_copy(const fr_ring *r, const uint8_t *header, uint8_t *out, size_t cap, size_t *len)
{
  const size_t n = complete_bytes(r);
  if (cap < FR_HEADER_SIZE + n) return FR_NO_SPACE;
  fr_copy(out, header, FR_HEADER_SIZE);
  *len = FR_HEADER_SIZE + n;
  fr_store_read(&r->store, r->store.first, out + FR_HEADER_SIZE, n);
  /*@
    assert body: \forall integer at; r->store.first <= at < r->store.first + n ==>
      out[at - r->store.first + FR_HEADER_SIZE] == rg_byte(r, at);
  */
  return FR_OK;
}
