#include "store.h"
#include "bytes.h"

/* Index of the k-th cell from tail on; without division. */
/*@
  requires geometry: tail < cap && k <= cap;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures index: \result == st_wrap(cap, tail, k);
  ensures inside: \result < cap;
*/
static inline size_t wrap(size_t cap, size_t tail, size_t k)
{
  return k < cap - tail ? tail + k : k - (cap - tail);
}

/* Writes src from the `used`-th byte on; the others, before and behind, stay. */
/*@
  requires geometry: tail < cap && used <= cap && n <= cap - used;
  requires buf_valid: \valid(buf + (0 .. cap - 1));
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires apart: \separated(src + (0 .. n - 1), buf + (0 .. cap - 1));
  terminates \true;
  exits \false;
  assigns buf[0 .. cap - 1];
  ensures old_bytes: \forall integer k; 0 <= k < used ==>
    st_cell(buf, cap, tail, k) == \old(st_cell(buf, cap, tail, k));
  ensures new_bytes: \forall integer k; used <= k < used + n ==>
    st_cell(buf, cap, tail, k) == \old(src[k - used]);
  ensures bytes_behind: \forall integer k; used + n <= k < cap ==>
    st_cell(buf, cap, tail, k) == \old(st_cell(buf, cap, tail, k));
*/
static inline void circle_write(uint8_t *buf, size_t cap, size_t tail, size_t used, const uint8_t *src, size_t n)
{
  size_t at = wrap(cap, tail, used);
  size_t run = cap - at;
  if (n <= run) {
    fr_copy(buf + at, src, n);
    //@ assert one_run: \forall integer k; 0 <= k < n ==> buf[at + k] == \at(src[k], Pre);
  } else {
    fr_copy(buf + at, src, run);
    fr_copy(buf, src + run, n - run);
    //@ assert first_run: \forall integer k; 0 <= k < run ==> buf[at + k] == \at(src[k], Pre);
    //@ assert second_run: \forall integer k; run <= k < n ==> buf[k - run] == \at(src[k], Pre);
  }
  //@ assert by_wrap: \forall integer k; 0 <= k < n ==> buf[st_wrap(cap, at, k)] == \at(src[k], Pre);
  //@ assert shift: \forall integer k; used <= k < used + n ==> st_wrap(cap, tail, k) == st_wrap(cap, at, k - used);
}

/* Reads n bytes from the k-th on. */
/*@
  requires geometry: tail < cap && k <= cap && n <= cap - k;
  requires buf_read: \valid_read(buf + (0 .. cap - 1));
  requires out_valid: n == 0 || \valid(out + (0 .. n - 1));
  requires apart: \separated(out + (0 .. n - 1), buf + (0 .. cap - 1));
  terminates \true;
  exits \false;
  assigns out[0 .. n - 1];
  ensures bytes: \forall integer i; 0 <= i < n ==> out[i] == st_cell(buf, cap, tail, k + i);
*/
static inline void circle_read(const uint8_t *buf, size_t cap, size_t tail, size_t k, uint8_t *out, size_t n)
{
  size_t at = wrap(cap, tail, k);
  size_t run = cap - at;
  if (n <= run) {
    fr_copy(out, buf + at, n);
    //@ assert one_run: \forall integer i; 0 <= i < n ==> out[i] == buf[at + i];
  } else {
    fr_copy(out, buf + at, run);
    fr_copy(out + run, buf, n - run);
    //@ assert first_run: \forall integer i; 0 <= i < run ==> out[i] == buf[at + i];
    //@ assert second_run: \forall integer i; run <= i < n ==> out[i] == buf[i - run];
  }
  //@ assert by_wrap: \forall integer i; 0 <= i < n ==> out[i] == buf[st_wrap(cap, at, i)];
  //@ assert shift: \forall integer i; 0 <= i < n ==> st_wrap(cap, tail, k + i) == st_wrap(cap, at, i);
}

void fr_store_clear(fr_store *s)
{
  s->tail = 0;
  s->first = 0;
  s->end = 0;
}

void fr_store_init(fr_store *s, uint8_t *buf, size_t cap)
{
  s->buf = buf;
  s->cap = cap;
  fr_store_clear(s);
}

size_t fr_store_room(const fr_store *s)
{
  size_t free_bytes = s->cap - (size_t)(s->end - s->first);
  uint64_t positions = UINT64_MAX - s->end;
  return free_bytes <= positions ? free_bytes : (size_t)positions;
}

fr_status fr_store_append(fr_store *s, const uint8_t *src, size_t n)
{
  if (n > fr_store_room(s)) return FR_NO_SPACE;
  circle_write(s->buf, s->cap, s->tail, (size_t)(s->end - s->first), src, n);
  s->end += n;
  return FR_OK;
}

void fr_store_drop(fr_store *s, uint64_t first)
{
  s->tail = wrap(s->cap, s->tail, (size_t)(first - s->first));
  s->first = first;
}

void fr_store_replace(fr_store *s, uint64_t pos, const uint8_t *src, size_t n)
{
  circle_write(s->buf, s->cap, s->tail, (size_t)(pos - s->first), src, n);
}

void fr_store_cut(fr_store *s, uint64_t end)
{
  s->end = end;
}

void fr_store_read(const fr_store *s, uint64_t pos, uint8_t *out, size_t n)
{
  circle_read(s->buf, s->cap, s->tail, (size_t)(pos - s->first), out, n);
}

void fr_store_segments(const fr_store *s, uint64_t pos, size_t n, fr_segment seg[2])
{
  size_t at = wrap(s->cap, s->tail, (size_t)(pos - s->first));
  size_t run = n <= s->cap - at ? n : s->cap - at;
  seg[0].base = s->buf + at;
  seg[0].len = run;
  seg[1].base = s->buf;
  seg[1].len = n - run;
}

fr_status fr_store_move(fr_store *s, uint8_t *buf, size_t cap)
{
  size_t used = (size_t)(s->end - s->first);
  if (used > cap) return FR_NO_SPACE;
  circle_read(s->buf, s->cap, s->tail, 0, buf, used);
  s->buf = buf;
  s->cap = cap;
  s->tail = 0;
  return FR_OK;
}
