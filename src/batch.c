#include "batch.h"

fr_status fr_batch_fields(const uint8_t *p, size_t len, size_t off, fr_batch *b, size_t *data)
{
  uint64_t gen = 0, m = 0, time = 0, size = 0;
  size_t at = off, n = 0;
  fr_status status = fr_uvarint_get(p + at, len - at, &gen, &n);
  if (status != FR_OK) return status;
  at += n;
  //@ assert gen: gen == bt_number{Pre}(p, len, off);
  //@ assert m_off: at == bt_m_off{Pre}(p, len, off) <= len;

  status = fr_uvarint_get(p + at, len - at, &m, &n);
  if (status != FR_OK) return status;
  at += n;
  //@ assert m: m == bt_number{Pre}(p, len, bt_m_off{Pre}(p, len, off));
  //@ assert time_off: at == bt_time_off{Pre}(p, len, off) <= len;

  status = fr_uvarint_get(p + at, len - at, &time, &n);
  if (status != FR_OK) return status;
  at += n;
  //@ assert time: time == bt_number{Pre}(p, len, bt_time_off{Pre}(p, len, off));
  //@ assert size_off: at == bt_size_off{Pre}(p, len, off) <= len;

  status = fr_uvarint_get(p + at, len - at, &size, &n);
  if (status != FR_OK) return status;
  at += n;
  //@ assert size: size == bt_number{Pre}(p, len, bt_size_off{Pre}(p, len, off));
  //@ assert data_off: at == bt_data_off{Pre}(p, len, off) <= len;

  if (size > FR_PAYLOAD_MAX) return FR_BAD_SIZE;
  if (size > len - at) return FR_TRUNCATED;
  //@ assert readable: bt_fields_status{Pre}(p, len, off) == FR_OK;
  b->gen = gen;
  b->m = m;
  b->time = time;
  b->size = size;
  *data = at;
  return FR_OK;
}

fr_status fr_batch_get(const uint8_t *p, size_t len, fr_batch *b, size_t *data)
{
  if (len == 0) return FR_TRUNCATED;
  uint32_t type = p[0];
  if (type == FR_END_OF_GENERATION) {
    *b = (fr_batch){.type = FR_END_OF_GENERATION};
    *data = 1;
    return FR_OK;
  }
  if (type != FR_EVENT_BATCH && type != FR_EXPERIMENTAL_BATCH) return FR_BAD_TYPE;
  size_t first = type == FR_EXPERIMENTAL_BATCH ? 2 : 1;
  if (len < first) return FR_TRUNCATED;
  fr_status status = fr_batch_fields(p, len, first, b, data);
  if (status != FR_OK) return status;
  b->type = type;
  b->experiment = type == FR_EXPERIMENTAL_BATCH ? p[1] : 0;
  return FR_OK;
}

size_t fr_batch_header_size(const fr_batch *b)
{
  if (b->type == FR_END_OF_GENERATION) return 1;
  size_t first = b->type == FR_EXPERIMENTAL_BATCH ? 2 : 1;
  return first + fr_uvarint_size(b->gen) + fr_uvarint_size(b->m) + fr_uvarint_size(b->time) + fr_uvarint_size(b->size);
}

/* Writes the four uvarints of a batch to offset off of buf and returns the offset behind them. */
/*@
  requires off_range: off <= 2;
  requires size_max: size <= FR_PAYLOAD_MAX;
  requires buf_valid: \valid(buf + (off .. bt_data_put(off, gen, m, time, size) - 1));
  terminates \true;
  exits \false;
  assigns buf[off .. bt_data_put(off, gen, m, time, size) - 1];
  ensures end: \result == bt_data_put(off, gen, m, time, size);
  ensures range: off + 4 <= \result <= off + 33;
  ensures encoded: bt_fields_enc(buf, off, gen, m, time, size);
*/
static size_t put_fields(uint8_t *buf, size_t off, uint64_t gen, uint64_t m, uint64_t time, uint64_t size)
{
  size_t at = off + fr_uvarint_put(buf + off, gen);
  //@ ghost size_t m_at = at;
  //@ assert m_at: m_at == bt_m_put(off, gen) <= off + 10;

  //@ ghost Gen: ;
  at += fr_uvarint_put(buf + at, m);
  //@ ghost size_t time_at = at;
  //@ assert time_at: time_at == bt_time_put(off, gen, m) <= off + 20;
  //@ assert same_gen_2: uv_same{Gen, Here}(buf + off, uv_size(gen));
  //@ assert gen_2: uv_enc(buf + off, gen);

  //@ ghost M: ;
  at += fr_uvarint_put(buf + at, time);
  //@ ghost size_t size_at = at;
  //@ assert size_at: size_at == bt_size_put(off, gen, m, time) <= off + 30;
  //@ assert same_gen_3: uv_same{M, Here}(buf + off, uv_size(gen));
  //@ assert gen_3: uv_enc(buf + off, gen);
  //@ assert same_m_3: uv_same{M, Here}(buf + m_at, uv_size(m));
  //@ assert m_3: uv_enc(buf + m_at, m);

  //@ ghost Time: ;
  at += fr_uvarint_put(buf + at, size);
  //@ assert data_at: at == bt_data_put(off, gen, m, time, size) <= off + 33;
  //@ assert same_gen_4: uv_same{Time, Here}(buf + off, uv_size(gen));
  //@ assert gen_4: uv_enc(buf + off, gen);
  //@ assert same_m_4: uv_same{Time, Here}(buf + m_at, uv_size(m));
  //@ assert m_4: uv_enc(buf + m_at, m);
  //@ assert same_time_4: uv_same{Time, Here}(buf + time_at, uv_size(time));
  //@ assert time_4: uv_enc(buf + time_at, time);
  return at;
}

size_t fr_batch_put(uint8_t *buf, const fr_batch *b)
{
  const uint32_t type = b->type, experiment = b->experiment;
  const uint64_t gen = b->gen, m = b->m, time = b->time, size = b->size;
  buf[0] = (uint8_t)type;
  if (type == FR_END_OF_GENERATION) return 1;
  size_t first = 1;
  if (type == FR_EXPERIMENTAL_BATCH) {
    buf[1] = (uint8_t)experiment;
    first = 2;
  }
  return put_fields(buf, first, gen, m, time, size);
}
