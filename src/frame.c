#include "frame.h"

/* How far a reader of uvarints has got when the one at offset `at` of p[0 .. len - 1] has overflowed. */
/*@
  requires s_read: \valid_read(s);
  requires s_ok: sy_ok(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires at_range: at <= len;
  requires overflow: uv_parse(p + at, len - at) == -1;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures end: \result == fm_overflow_end(s, p, len, at);
  ensures range: at < \result <= len;
*/
static size_t overflow_end(const fr_system *s, const uint8_t *p, size_t len, size_t at)
{
  //@ assert ten: at + 10 <= len;
  if (!s->remaining) return at + FR_UVARINT_MAX;
  return p[at + FR_UVARINT_MAX - 1u] < 0x80u ? at + FR_UVARINT_MAX - 1u : len;
}

/* What it comes to that the uvarint at offset `at` cannot be read, which `fault` says of it. */
/*@
  requires s_read: \valid_read(s);
  requires s_ok: sy_ok(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires at_range: at <= len && at <= 32;
  requires unreadable: uv_parse(p + at, len - at) <= 0;
  requires fault: fault == bt_fault(uv_parse(p + at, len - at));
  requires f_valid: \valid(f);
  requires s_apart: \separated(f, s);
  requires p_apart: \separated(f, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns f->used, f->need;
  ensures range: at <= f->used <= len;
  behavior truncated:
    assumes truncated: uv_parse(p + at, len - at) == 0;
    ensures status: \result == \old(s->overflow_for_truncated ? FR_OVERFLOW : FR_TRUNCATED);
    ensures used: f->used == len;
    ensures need: f->need == len + 1 <= 42;
  behavior overflow:
    assumes overflow: uv_parse(p + at, len - at) < 0;
    ensures status: \result == FR_OVERFLOW;
    ensures used: f->used == \old(fm_overflow_end(s, p, len, at));
  complete behaviors;
  disjoint behaviors;
*/
static fr_status unreadable(const fr_system *s, const uint8_t *p, size_t len, size_t at, fr_status fault, fr_frame *f)
{
  if (fault == FR_OVERFLOW) {
    f->used = overflow_end(s, p, len, at);
    return FR_OVERFLOW;
  }
  //@ assert short: len - at < 10;
  f->used = len;
  f->need = len + 1;
  return s->overflow_for_truncated ? FR_OVERFLOW : FR_TRUNCATED;
}

/* Reads the four fields from offset off on. */
/*@
  requires s_read: \valid_read(s);
  requires s_ok: sy_ok(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires off_range: 1 <= off <= 2 && off <= len;
  requires f_valid: \valid(f);
  requires s_apart: \separated(f, s);
  requires p_apart: \separated(f, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns f->b.gen, f->b.m, f->b.time, f->b.size, f->used, f->need;
  ensures status: \result == \old(fm_fields_status(s, p, len, off));
  ensures used: f->used == \old(fm_fields_used(s, p, len, off));
  ensures range: off <= f->used <= len;
  ensures need: \old(fm_parse(p, len, off)) == 0 ==> f->need == len + 1 <= 42;
  behavior readable:
    assumes readable: fm_fields_status(s, p, len, off) == FR_OK;
    ensures gen: f->b.gen == \old(bt_number(p, len, off));
    ensures m: f->b.m == \old(bt_number(p, len, bt_m_off(p, len, off)));
    ensures time: f->b.time == \old(bt_number(p, len, bt_time_off(p, len, off)));
    ensures size: f->b.size == \old(fm_size(p, len, off));
    ensures size_max: f->b.size <= FR_PAYLOAD_MAX;
    ensures data: f->used <= 42;
*/
static fr_status get_fields(const fr_system *s, const uint8_t *p, size_t len, size_t off, fr_frame *f)
{
  uint64_t gen = 0, m = 0, time = 0, size = 0;
  size_t at = off, n = 0;
  fr_status status = fr_uvarint_get(p + at, len - at, &gen, &n);
  if (status != FR_OK) return unreadable(s, p, len, at, status, f);
  at += n;
  //@ assert gen: gen == bt_number{Pre}(p, len, off);
  //@ assert m_off: at == bt_m_off{Pre}(p, len, off) <= len && at <= 12;

  status = fr_uvarint_get(p + at, len - at, &m, &n);
  if (status != FR_OK) return unreadable(s, p, len, at, status, f);
  at += n;
  //@ assert m: m == bt_number{Pre}(p, len, bt_m_off{Pre}(p, len, off));
  //@ assert time_off: at == bt_time_off{Pre}(p, len, off) <= len && at <= 22;

  status = fr_uvarint_get(p + at, len - at, &time, &n);
  if (status != FR_OK) return unreadable(s, p, len, at, status, f);
  at += n;
  //@ assert time: time == bt_number{Pre}(p, len, bt_time_off{Pre}(p, len, off));
  //@ assert size_off: at == bt_size_off{Pre}(p, len, off) <= len && at <= 32;

  status = fr_uvarint_get(p + at, len - at, &size, &n);
  if (status != FR_OK) return unreadable(s, p, len, at, status, f);
  at += n;
  //@ assert size: size == fm_size{Pre}(p, len, off);
  //@ assert data_off: at == bt_data_off{Pre}(p, len, off) <= len && at <= 42;
  //@ assert parse: fm_parse{Pre}(p, len, off) == 1;
  f->b.gen = gen;
  f->b.m = m;
  f->b.time = time;
  f->b.size = size;
  f->used = at;
  return size > FR_PAYLOAD_MAX ? FR_BAD_SIZE : FR_OK;
}

/* Looks at the payload, which begins at f->used and is f->b.size bytes long. */
/*@
  requires s_read: \valid_read(s);
  requires s_ok: sy_ok(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires f_valid: \valid(f);
  requires s_apart: \separated(f, s);
  requires p_apart: \separated(f, p + (0 .. len - 1));
  requires used_range: f->used <= len && f->used <= 42;
  requires size_max: f->b.size <= FR_PAYLOAD_MAX;
  terminates \true;
  exits \false;
  assigns f->kind, f->data, f->used, f->need;
  ensures data: f->data == \old(f->used);
  behavior whole:
    assumes whole: s->framing == FR_FRAMING_EXACT ? f->used + f->b.size == len : f->used + f->b.size <= len;
    ensures status: \result == FR_OK;
    ensures used: f->used == \old(f->used + f->b.size);
    ensures kind: f->kind == \old(s->payload_marks && f->b.experiment == 0 && f->b.size > 0 &&
      p[f->used] == FR_END_OF_GENERATION ? FR_FRAME_MARK : f->kind);
  behavior other:
    assumes other: s->framing == FR_FRAMING_EXACT && f->used + f->b.size != len;
    ensures status: \result == FR_NOT_ONE_BATCH;
    ensures used: f->used == \old(f->used + f->b.size);
  behavior part:
    assumes part: s->framing != FR_FRAMING_EXACT && f->used + f->b.size > len;
    ensures status: \result == FR_TRUNCATED;
    ensures used: f->used == len;
    ensures need: f->need == \old(f->used + f->b.size);
  complete behaviors;
  disjoint behaviors;
*/
static fr_status get_payload(const fr_system *s, const uint8_t *p, size_t len, fr_frame *f)
{
  const size_t data = f->used, end = data + (size_t)f->b.size;
  f->data = data;
  if (s->framing == FR_FRAMING_EXACT) {
    f->used = end;
    return end == len ? FR_OK : FR_NOT_ONE_BATCH;
  }
  if (end > len) {
    f->used = len;
    f->need = end;
    return FR_TRUNCATED;
  }
  f->used = end;
  if (s->payload_marks && f->b.experiment == 0 && data < end && p[data] == FR_END_OF_GENERATION)
    f->kind = FR_FRAME_MARK;
  return FR_OK;
}

fr_status fr_frame_get(const fr_system *s, uint32_t version, const uint8_t *p, size_t len, fr_frame *f)
{
  *f = (fr_frame){.kind = FR_FRAME_NOTHING};
  if (len == 0) return FR_OK;
  const uint8_t type = p[0];
  f->used = 1;
  if (type == FR_END_OF_GENERATION && version >= s->end_marks_since) {
    if (s->framing == FR_FRAMING_EXACT && len != 1) return FR_BAD_END_MARK;
    f->kind = FR_FRAME_MARK;
    f->b.type = type;
    f->b.size = 1;
    return FR_OK;
  }
  if (type != FR_EVENT_BATCH && !(type == FR_EXPERIMENTAL_BATCH && s->experimental)) return FR_BAD_TYPE;
  size_t first = 1;
  if (type == FR_EXPERIMENTAL_BATCH && !s->experiment_is_field) {
    f->need = 2;
    if (len == 1) return s->framing == FR_FRAMING_STREAM ? FR_TRUNCATED : FR_OK;
    f->b.experiment = p[1];
    first = 2;
  }
  f->kind = FR_FRAME_BATCH;
  f->b.type = type;
  const fr_status status = get_fields(s, p, len, first, f);
  return status == FR_OK ? get_payload(s, p, len, f) : status;
}

uint64_t fr_frame_account(const fr_system *s, const fr_frame *f)
{
  if (!s->estimated) return f->used;
  if (f->kind == FR_FRAME_MARK) return 0;
  return 1u + fr_uvarint_estimate(f->b.gen) + fr_uvarint_estimate(f->b.m) + fr_uvarint_estimate(f->b.time) +
    fr_uvarint_estimate(f->b.size) + f->b.size;
}
