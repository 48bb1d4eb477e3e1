#include "frame.h"

/* How far a reader of uvarints has got when the one at offset `at` of p[0 .. len - 1] has overflowed. */
/*@
  requires s_read: \valid_read(s);
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

/* Reads the four numbers from offset off on; *at is behind those that could be read. */
/*@
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires off_range: 1 <= off <= 2 && off <= len;
  requires out_valid: \valid(b) && \valid(at);
  requires apart: \separated(b, at);
  requires b_apart: \separated(b, p + (0 .. len - 1));
  requires at_apart: \separated(at, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns b->gen, b->m, b->time, b->size, *at;
  ensures stop: *at == \old(fm_stop(p, len, off));
  ensures range: off <= *at <= len;
  behavior readable:
    assumes readable: fm_parse(p, len, off) > 0;
    ensures status: \result == FR_OK;
    ensures gen: b->gen == \old(bt_number(p, len, off));
    ensures m: b->m == \old(bt_number(p, len, bt_m_off(p, len, off)));
    ensures time: b->time == \old(bt_number(p, len, bt_time_off(p, len, off)));
    ensures size: b->size == \old(fm_size(p, len, off));
    ensures data: *at == \old(bt_data_off(p, len, off)) && *at <= 42;
  behavior fault:
    assumes fault: fm_parse(p, len, off) <= 0;
    ensures status: \result == \old(bt_fault(fm_parse(p, len, off)));
    ensures parse: \old(uv_parse(p + fm_stop(p, len, off), len - fm_stop(p, len, off)) == fm_parse(p, len, off));
    ensures early: *at <= 32;
  complete behaviors;
  disjoint behaviors;
*/
static fr_status read_numbers(const uint8_t *p, size_t len, size_t off, fr_batch *b, size_t *at)
{
  uint64_t gen = 0, m = 0, time = 0, size = 0;
  size_t o = off, n = 0;
  fr_status status = fr_uvarint_get(p + o, len - o, &gen, &n);
  *at = o;
  //@ assert gen_stop: status != FR_OK ==> o == fm_stop{Pre}(p, len, off);
  //@ assert gen_parse: status != FR_OK ==> uv_parse(p + o, len - o) == fm_parse{Pre}(p, len, off) <= 0;
  if (status != FR_OK) return status;
  o += n;
  //@ assert gen: gen == bt_number{Pre}(p, len, off);
  //@ assert m_off: o == bt_m_off{Pre}(p, len, off) <= len && o <= 12;

  status = fr_uvarint_get(p + o, len - o, &m, &n);
  *at = o;
  //@ assert m_stop: status != FR_OK ==> o == fm_stop{Pre}(p, len, off);
  //@ assert m_parse: status != FR_OK ==> uv_parse(p + o, len - o) == fm_parse{Pre}(p, len, off) <= 0;
  if (status != FR_OK) return status;
  o += n;
  //@ assert m: m == bt_number{Pre}(p, len, bt_m_off{Pre}(p, len, off));
  //@ assert time_off: o == bt_time_off{Pre}(p, len, off) <= len && o <= 22;

  status = fr_uvarint_get(p + o, len - o, &time, &n);
  *at = o;
  //@ assert time_stop: status != FR_OK ==> o == fm_stop{Pre}(p, len, off);
  //@ assert time_parse: status != FR_OK ==> uv_parse(p + o, len - o) == fm_parse{Pre}(p, len, off) <= 0;
  if (status != FR_OK) return status;
  o += n;
  //@ assert time: time == bt_number{Pre}(p, len, bt_time_off{Pre}(p, len, off));
  //@ assert size_off: o == bt_size_off{Pre}(p, len, off) <= len && o <= 32;

  status = fr_uvarint_get(p + o, len - o, &size, &n);
  *at = o;
  //@ assert size_stop: status != FR_OK ==> o == fm_stop{Pre}(p, len, off);
  //@ assert size_parse: status != FR_OK ==> uv_parse(p + o, len - o) == fm_parse{Pre}(p, len, off) <= 0;
  if (status != FR_OK) return status;
  o += n;
  //@ assert size: size == fm_size{Pre}(p, len, off);
  //@ assert data_off: o == bt_data_off{Pre}(p, len, off) <= len && o <= 42;
  //@ assert all: fm_parse{Pre}(p, len, off) == 1 && o == fm_stop{Pre}(p, len, off);
  *at = o;
  b->gen = gen;
  b->m = m;
  b->time = time;
  b->size = size;
  return FR_OK;
}

/* Reads the four fields from offset off on; f->used is behind them, or where the reader stops. */
/*@
  requires s_read: \valid_read(s);
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
  size_t at = 0;
  const fr_status status = read_numbers(p, len, off, &f->b, &at);
  if (status != FR_OK) return unreadable(s, p, len, at, status, f);
  f->used = at;
  return f->b.size > FR_PAYLOAD_MAX ? FR_BAD_SIZE : FR_OK;
}

/* Looks for the payload, which begins at f->used and is f->b.size bytes long. */
/*@
  requires s_read: \valid_read(s);
  requires f_valid: \valid(f);
  requires s_apart: \separated(f, s);
  requires used_range: f->used <= len && f->used <= 42;
  requires size_max: f->b.size <= FR_PAYLOAD_MAX;
  terminates \true;
  exits \false;
  assigns f->data, f->used, f->need;
  ensures data: f->data == \old(f->used);
  behavior whole:
    assumes whole: f->used + f->b.size == len || (s->framing != FR_FRAMING_EXACT && f->used + f->b.size < len);
    ensures status: \result == FR_OK;
    ensures used: f->used == \old(f->used + f->b.size);
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
static fr_status get_payload(const fr_system *s, size_t len, fr_frame *f)
{
  const size_t data = f->used, end = data + (size_t)f->b.size;
  f->data = data;
  f->used = end;
  if (end == len) return FR_OK;
  if (s->framing == FR_FRAMING_EXACT) return FR_NOT_ONE_BATCH;
  if (end < len) return FR_OK;
  f->used = len;
  f->need = end;
  return FR_TRUNCATED;
}

/* Reads the batch whose four fields begin at offset off. */
/*@
  requires s_read: \valid_read(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires off_first: off == fm_first(s, p);
  requires off_range: off <= len;
  requires f_valid: \valid(f);
  requires s_apart: \separated(f, s);
  requires p_apart: \separated(f, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns f->kind, f->b.type, f->b.experiment, f->b.gen, f->b.m, f->b.time, f->b.size, f->data, f->used, f->need;
  ensures status: \result == \old(fm_batch_status(s, p, len, off));
  ensures used: f->used == \old(fm_batch_used(s, p, len, off));
  ensures used_min: off <= f->used;
  ensures used_inside: \result != FR_NOT_ONE_BATCH ==> f->used <= len;
  ensures used_max: \result == FR_NOT_ONE_BATCH ==> f->used <= FR_BATCH_MAX;
  ensures need: \result == FR_TRUNCATED ==> f->need == \old(fm_need(s, p, len));
  ensures need_range: \result == FR_TRUNCATED ==> len < f->need <= FR_BATCH_MAX;
  behavior whole:
    assumes whole: fm_batch_status(s, p, len, off) == FR_OK;
    ensures kind: f->kind == \old(fm_batch_kind(s, p, len));
    ensures type: f->b.type == \old(p[0]);
    ensures experiment: f->b.experiment == \old(fm_experiment(s, p));
    ensures gen: f->b.gen == \old(bt_number(p, len, off));
    ensures m: f->b.m == \old(bt_number(p, len, bt_m_off(p, len, off)));
    ensures time: f->b.time == \old(bt_number(p, len, bt_time_off(p, len, off)));
    ensures size: f->b.size == \old(fm_size(p, len, off));
    ensures size_max: f->b.size <= FR_PAYLOAD_MAX;
    ensures data: f->data == \old(bt_data_off(p, len, off));
    ensures payload: f->data <= f->used && f->b.size == f->used - f->data;
*/
static fr_status get_batch(const fr_system *s, const uint8_t *p, size_t len, size_t off, fr_frame *f)
{
  fr_status status = get_fields(s, p, len, off, f);
  if (status != FR_OK) return status;
  //@ assert data: f->used == bt_data_off{Pre}(p, len, off);
  //@ assert size: f->b.size == fm_size{Pre}(p, len, off);
  //@ assert end: f->used + f->b.size == fm_end{Pre}(p, len, off) <= FR_BATCH_MAX;
  status = get_payload(s, len, f);
  //@ assert status: status == fm_batch_status{Pre}(s, p, len, off);
  //@ assert used: f->used == fm_batch_used{Pre}(s, p, len, off);
  if (status != FR_OK) return status;
  const uint8_t type = p[0], experiment = off == 2 ? p[1] : 0;
  const bool mark = s->payload_marks && experiment == 0 && f->b.size > 0 && p[f->data] == FR_END_OF_GENERATION;
  f->kind = mark ? FR_FRAME_MARK : FR_FRAME_BATCH;
  f->b.type = type;
  f->b.experiment = experiment;
  return FR_OK;
}

/* Fills in a frame of `used` bytes without fields. A mark's bytes count as its payload. */
/*@
  requires f_valid: \valid(f);
  requires used_max: used <= 1;
  terminates \true;
  exits \false;
  assigns f->kind, f->b.type, f->b.experiment, f->b.gen, f->b.m, f->b.time, f->b.size, f->data, f->used, f->need;
  ensures kind: f->kind == kind;
  ensures type: f->b.type == type;
  ensures experiment: f->b.experiment == 0;
  ensures fields: f->b.gen == 0 && f->b.m == 0 && f->b.time == 0;
  ensures mark_size: kind == FR_FRAME_MARK ==> f->b.size == used;
  ensures no_size: kind != FR_FRAME_MARK ==> f->b.size == 0;
  ensures data: f->data == 0;
  ensures used: f->used == used;
  ensures need: f->need == 2;
*/
static void fill(fr_frame *f, fr_frame_kind kind, uint32_t type, size_t used)
{
  f->kind = kind;
  f->b.type = type;
  f->b.experiment = 0;
  f->b.gen = 0;
  f->b.m = 0;
  f->b.time = 0;
  f->b.size = kind == FR_FRAME_MARK ? used : 0;
  f->data = 0;
  f->used = used;
  f->need = 2;
}

/* Reads what is no batch with fields: an end mark, nothing, or what is no frame. */
/*@
  requires s_read: \valid_read(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires other: !fm_begins(s, p, len);
  requires f_valid: \valid(f);
  requires s_apart: \separated(f, s);
  requires p_apart: \separated(f, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns f->kind, f->b.type, f->b.experiment, f->b.gen, f->b.m, f->b.time, f->b.size, f->data, f->used, f->need;
  ensures status: \result == \old(fm_status(s, version, p, len));
  ensures used: f->used == \old(fm_used(s, version, p, len));
  ensures used_range: f->used <= len && f->used <= 1;
  ensures used_error: \result != FR_OK ==> f->used == 1;
  ensures errors: \result != FR_NOT_ONE_BATCH;
  ensures need: \result == FR_TRUNCATED ==> f->need == 2;
  ensures need_one: \result == FR_TRUNCATED ==> \old(fm_need(s, p, len)) == 2 && len == 1;
  behavior end_mark:
    assumes mark: fm_end_mark(s, version, p, len);
    ensures kind: f->kind == FR_FRAME_MARK;
    ensures type: f->b.type == FR_END_OF_GENERATION;
    ensures experiment: f->b.experiment == 0;
    ensures fields: f->b.gen == 0 && f->b.m == 0 && f->b.time == 0;
    ensures size: f->data == 0 && f->b.size == f->used == 1;
  behavior nothing:
    assumes nothing: !fm_end_mark(s, version, p, len);
    ensures kind: f->kind == FR_FRAME_NOTHING;
    ensures empty: f->data == 0 && f->b.size == 0;
  complete behaviors;
  disjoint behaviors;
*/
static fr_status get_other(const fr_system *s, uint32_t version, const uint8_t *p, size_t len, fr_frame *f)
{
  fr_status status = FR_OK;
  if (len > 0 && p[0] == FR_END_OF_GENERATION && version >= s->end_marks_since) {
    if (s->framing == FR_FRAMING_EXACT && len != 1) status = FR_BAD_END_MARK;
    //@ assert mark_status: status == fm_status(s, version, p, len);
    //@ assert mark_used: fm_used(s, version, p, len) == 1;
    fill(f, FR_FRAME_MARK, FR_END_OF_GENERATION, 1);
    return status;
  }
  const size_t used = len > 0 ? 1 : 0;
  if (len > 0 && !(p[0] == FR_EXPERIMENTAL_BATCH && s->experimental))
    status = FR_BAD_TYPE;
  else if (len > 0 && s->framing == FR_FRAMING_STREAM)
    status = FR_TRUNCATED;
  //@ assert status: status == fm_status(s, version, p, len);
  //@ assert used: used == fm_used(s, version, p, len);
  //@ assert need: status == FR_TRUNCATED ==> fm_need(s, p, len) == 2 && len == 1;
  fill(f, FR_FRAME_NOTHING, 0, used);
  return status;
}

/* A batch begins, and its four fields are looked for. */
/*@
  requires s_read: \valid_read(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures begins: \result <==> fm_begins(s, p, len);
*/
static bool begins(const fr_system *s, const uint8_t *p, size_t len)
{
  if (len == 0) return false;
  if (p[0] == FR_EVENT_BATCH) return true;
  return p[0] == FR_EXPERIMENTAL_BATCH && s->experimental && (s->experiment_is_field || len > 1);
}

fr_status fr_frame_get(const fr_system *s, uint32_t version, const uint8_t *p, size_t len, fr_frame *f)
{
  if (!begins(s, p, len)) return get_other(s, version, p, len, f);
  const size_t first = p[0] == FR_EXPERIMENTAL_BATCH && !s->experiment_is_field ? 2 : 1;
  //@ assert first: first == fm_first(s, p) <= len;
  //@ assert status: fm_status(s, version, p, len) == fm_batch_status(s, p, len, first);
  //@ assert used: fm_used(s, version, p, len) == fm_batch_used(s, p, len, first);
  //@ assert no_mark: !fm_end_mark(s, version, p, len);
  return get_batch(s, p, len, first, f);
}

uint64_t fr_frame_account(const fr_system *s, const fr_frame *f)
{
  if (!s->estimated) return f->used;
  if (f->kind == FR_FRAME_MARK) return 0;
  return 1u + fr_uvarint_estimate(f->b.gen) + fr_uvarint_estimate(f->b.m) + fr_uvarint_estimate(f->b.time) +
    fr_uvarint_estimate(f->b.size) + f->b.size;
}
