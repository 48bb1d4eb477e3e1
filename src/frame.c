#include "frame.h"

/* How far a reader of uvarints has got when the one at offset `at` of p[0 .. len - 1] has overflowed. */
static size_t overflow_end(const fr_system *s, const uint8_t *p, size_t len, size_t at)
{
  if (!s->remaining) return at + FR_UVARINT_MAX;
  return p[at + FR_UVARINT_MAX - 1u] < 0x80u ? at + FR_UVARINT_MAX - 1u : len;
}

/* Reads the four numbers from f->used on, which moves behind them, or to where the reader stops. */
static fr_status get_fields(const fr_system *s, const uint8_t *p, size_t len, fr_frame *f)
{
  uint64_t *const field[4] = {&f->b.gen, &f->b.m, &f->b.time, &f->b.size};
  size_t at = f->used;
  for (uint32_t i = 0; i < 4; i++) {
    size_t n = 0;
    const fr_status status = fr_uvarint_get(p + at, len - at, field[i], &n);
    if (status == FR_TRUNCATED) {
      f->used = len;
      f->need = len + 1;
      return s->overflow_for_truncated ? FR_OVERFLOW : FR_TRUNCATED;
    }
    if (status == FR_OVERFLOW) {
      f->used = overflow_end(s, p, len, at);
      return FR_OVERFLOW;
    }
    at += n;
  }
  f->used = at;
  return f->b.size > FR_PAYLOAD_MAX ? FR_BAD_SIZE : FR_OK;
}

/* Reads the payload, which begins at f->used. */
static fr_status get_payload(const fr_system *s, const uint8_t *p, size_t len, fr_frame *f)
{
  const size_t size = (size_t)f->b.size;
  f->data = f->used;
  if (s->framing == FR_FRAMING_EXACT) {
    f->used += size;
    return f->used == len ? FR_OK : FR_NOT_ONE_BATCH;
  }
  if (size > len - f->data) {
    f->used = len;
    f->need = f->data + size;
    return FR_TRUNCATED;
  }
  f->used += size;
  if (s->payload_marks && f->b.experiment == 0 && size > 0 && p[f->data] == FR_END_OF_GENERATION)
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
  if (type == FR_EXPERIMENTAL_BATCH && !s->experiment_is_field) {
    f->need = 2;
    if (len == 1) return s->framing == FR_FRAMING_STREAM ? FR_TRUNCATED : FR_OK;
    f->b.experiment = p[1];
    f->used = 2;
  }
  f->kind = FR_FRAME_BATCH;
  f->b.type = type;
  const fr_status status = get_fields(s, p, len, f);
  return status == FR_OK ? get_payload(s, p, len, f) : status;
}

uint64_t fr_frame_account(const fr_system *s, const fr_frame *f)
{
  if (!s->estimated) return f->used;
  if (f->kind == FR_FRAME_MARK) return 0;
  return 1u + fr_uvarint_estimate(f->b.gen) + fr_uvarint_estimate(f->b.m) + fr_uvarint_estimate(f->b.time) +
    fr_uvarint_estimate(f->b.size) + f->b.size;
}
