#ifndef FR_STORE_H
#define FR_STORE_H

/* store: the circular arena that holds the bytes of the trace.
 *
 * Every byte ever appended has an absolute position, counted from 0, that it keeps for ever. The store holds the bytes
 * from `first` up to, not including, `end`; append moves `end` on, drop moves `first` on, and the rest of the arena is
 * free. Lengths are differences of positions, so nothing is ever summed up, and a byte that is kept is never touched
 * again (S-3), unless its owner asks for that: replace overwrites bytes, cut takes `end` back.
 *
 * Limits: the arena belongs to the caller, who gives it to init or move and may have it back when no store uses it;
 * 1 <= cap <= FR_STORE_MAX. One append copies each byte once. Positions end at 2^64 - 1: more bytes than that are
 * refused as no space. No function may be called with a store that init has not set up. */

#include "status.h"
#include <stddef.h>
#include <stdint.h>

#define FR_STORE_MAX (SIZE_MAX / 2u) /* no object in C is larger */

typedef struct {
  uint8_t *buf;   /* the caller's arena */
  size_t cap;     /* its size in bytes */
  size_t tail;    /* where in buf the byte at position `first` lies */
  uint64_t first; /* position of the oldest byte held */
  uint64_t end;   /* position just behind the newest */
} fr_store;

/* A run of bytes inside the arena, as writev wants them. */
typedef struct {
  const uint8_t *base;
  size_t len;
} fr_segment;

#include "store.acsl"

/* Sets up an empty store over buf[0 .. cap - 1]; its first byte will have position 0. Rule G-6. */
/*@
  requires s_valid: \valid(s);
  requires buf_valid: \valid(buf + (0 .. cap - 1));
  requires apart: \separated(s, buf + (0 .. cap - 1));
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  terminates \true;
  exits \false;
  assigns s->buf \from buf;
  assigns s->cap, s->tail, s->first, s->end;
  ensures sound: st_ok(s) && st_memory(s);
  ensures arena: s->buf == buf && s->cap == cap;
  ensures empty: s->first == 0 && s->end == 0;
*/
void fr_store_init(fr_store *s, uint8_t *buf, size_t cap);

/* Forgets every byte; the next one has position 0 again. Rule L-1. */
/*@
  requires s_valid: \valid(s);
  requires cap_range: 0 < s->cap <= FR_STORE_MAX;
  terminates \true;
  exits \false;
  assigns s->tail, s->first, s->end;
  ensures sound: st_ok(s);
  ensures empty: s->first == 0 && s->end == 0;
*/
void fr_store_clear(fr_store *s);

/* How many bytes can be appended before the store is full. Rule G-6. */
/*@
  requires s_read: \valid_read(s);
  requires sound: st_ok(s);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures room: \result == st_room(s);
*/
size_t fr_store_room(const fr_store *s);

/* Appends src[0 .. n - 1]; the bytes already held stay as they are, wherever they lie. Rule S-3.
 * FR_NO_SPACE: n is more than fr_store_room; nothing was changed. */
/*@
  requires memory: st_memory(s);
  requires sound: st_ok(s);
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), s) && \separated(src + (0 .. n - 1), s->buf + (0 .. s->cap - 1));
  terminates \true;
  exits \false;
  assigns s->end, s->buf[0 .. s->cap - 1];
  ensures sound: st_ok(s);
  behavior ok:
    assumes fits: n <= st_room(s);
    ensures status: \result == FR_OK;
    ensures grown: s->end == \old(s->end) + n;
    ensures old_bytes: \forall integer pos; s->first <= pos < \old(s->end) ==> st_byte(s, pos) == \old(st_byte(s, pos));
    ensures new_bytes: \forall integer pos; \old(s->end) <= pos < s->end ==> st_byte(s, pos) == \old(src[pos - s->end]);
  behavior full:
    assumes full: n > st_room(s);
    ensures status: \result == FR_NO_SPACE;
    ensures same_end: s->end == \old(s->end);
    ensures same_bytes: \forall integer k; 0 <= k < s->cap ==> s->buf[k] == \old(s->buf[k]);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_store_append(fr_store *s, const uint8_t *src, size_t n);

/* Forgets every byte before position `first`, which lies in s->first .. s->end; the others keep position and value.
 * Rule P-5. */
/*@
  requires s_valid: \valid(s);
  requires sound: st_ok(s);
  requires in_range: s->first <= first <= s->end;
  terminates \true;
  exits \false;
  assigns s->tail, s->first;
  ensures sound: st_ok(s);
  ensures dropped: s->first == first;
  ensures kept_bytes: \forall integer pos; first <= pos < s->end ==> st_byte(s, pos) == \old(st_byte(s, pos));
*/
void fr_store_drop(fr_store *s, uint64_t first);

/* Overwrites the n bytes from position `pos` on, which must be held, by src[0 .. n - 1]; the others stay. Rule G-2. */
/*@
  requires memory: st_memory(s);
  requires sound: st_ok(s);
  requires held: s->first <= pos && pos + n <= s->end;
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires src_apart: \separated(src + (0 .. n - 1), s) && \separated(src + (0 .. n - 1), s->buf + (0 .. s->cap - 1));
  terminates \true;
  exits \false;
  assigns s->buf[0 .. s->cap - 1];
  ensures sound: st_ok(s);
  ensures new_bytes: \forall integer at; pos <= at < pos + n ==> st_byte(s, at) == \old(src[at - pos]);
  ensures bytes_before: \forall integer at; s->first <= at < pos ==> st_byte(s, at) == \old(st_byte(s, at));
  ensures bytes_behind: \forall integer at; pos + n <= at < s->end ==> st_byte(s, at) == \old(st_byte(s, at));
*/
void fr_store_replace(fr_store *s, uint64_t pos, const uint8_t *src, size_t n);

/* Forgets every byte from position `end` on, which lies in s->first .. s->end; the others keep position and value.
 * Rule G-2. */
/*@
  requires s_valid: \valid(s);
  requires sound: st_ok(s);
  requires in_range: s->first <= end <= s->end;
  terminates \true;
  exits \false;
  assigns s->end;
  ensures sound: st_ok(s);
  ensures cut: s->end == end;
  ensures kept_bytes: \forall integer pos; s->first <= pos < end ==> st_byte(s, pos) == \old(st_byte(s, pos));
*/
void fr_store_cut(fr_store *s, uint64_t end);

/* Copies the n bytes from position `pos` on into out, which lies outside the arena. They must be held. Rule S-2. */
/*@
  requires memory: st_memory(s);
  requires sound: st_ok(s);
  requires held: s->first <= pos && pos + n <= s->end;
  requires out_valid: n == 0 || \valid(out + (0 .. n - 1));
  requires out_apart: \separated(out + (0 .. n - 1), s) && \separated(out + (0 .. n - 1), s->buf + (0 .. s->cap - 1));
  terminates \true;
  exits \false;
  assigns out[0 .. n - 1];
  ensures bytes: \forall integer at; pos <= at < pos + n ==> out[at - pos] == st_byte(s, at);
*/
void fr_store_read(const fr_store *s, uint64_t pos, uint8_t *out, size_t n);

/* The same n bytes without a copy: seg[0] and then seg[1], of which the second (or both) may be empty. They point into
 * the arena and hold until the next append, drop or move. Rule S-2. */
/*@
  requires memory: st_memory(s);
  requires sound: st_ok(s);
  requires held: s->first <= pos && pos + n <= s->end;
  requires seg_valid: \valid(seg + (0 .. 1));
  requires seg_apart: \separated(seg + (0 .. 1), s) && \separated(seg + (0 .. 1), s->buf + (0 .. s->cap - 1));
  terminates \true;
  exits \false;
  assigns seg[0 .. 1];
  ensures len: seg[0].len + seg[1].len == n;
  ensures inside_0: seg[0].len == 0 || \valid_read(seg[0].base + (0 .. seg[0].len - 1));
  ensures inside_1: seg[1].len == 0 || \valid_read(seg[1].base + (0 .. seg[1].len - 1));
  ensures bytes_0: \forall integer at; pos <= at < pos + seg[0].len ==> seg[0].base[at - pos] == st_byte(s, at);
  ensures bytes_1: \forall integer at; pos + seg[0].len <= at < pos + n ==>
    seg[1].base[at - pos - seg[0].len] == st_byte(s, at);
*/
void fr_store_segments(const fr_store *s, uint64_t pos, size_t n, fr_segment seg[2]);

/* Moves the bytes held to another arena, buf[0 .. cap - 1], which overlaps neither the old one nor the store; positions
 * and values stay. The old arena is then the caller's again. Rule G-6.
 * FR_NO_SPACE: the new arena is smaller than what is held; nothing was changed. */
/*@
  requires memory: st_memory(s);
  requires sound: st_ok(s);
  requires buf_valid: \valid(buf + (0 .. cap - 1));
  requires apart: \separated(buf + (0 .. cap - 1), s) && \separated(buf + (0 .. cap - 1), s->buf + (0 .. s->cap - 1));
  requires cap_range: 0 < cap <= FR_STORE_MAX;
  terminates \true;
  exits \false;
  assigns s->buf \from buf;
  assigns s->cap, s->tail, buf[0 .. cap - 1];
  ensures sound: st_ok(s);
  behavior ok:
    assumes fits: st_used(s) <= cap;
    ensures status: \result == FR_OK;
    ensures memory: st_memory(s);
    ensures arena: s->buf == buf && s->cap == cap;
    ensures kept_bytes: \forall integer pos; s->first <= pos < s->end ==> st_byte(s, pos) == \old(st_byte(s, pos));
  behavior small:
    assumes small: st_used(s) > cap;
    ensures status: \result == FR_NO_SPACE;
    ensures same_arena: s->buf == \old(s->buf) && s->cap == \old(s->cap) && s->tail == \old(s->tail);
    ensures same_new: \forall integer k; 0 <= k < cap ==> buf[k] == \old(buf[k]);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_store_move(fr_store *s, uint8_t *buf, size_t cap);

#endif
