#ifndef FR_BATCH_H
#define FR_BATCH_H

/* batch: the pieces that a trace is made of, behind its header.
 *
 *   event batch          1, generation, M, time, size, payload                 (B-1)
 *   experimental batch  49, experiment, generation, M, time, size, payload     (B-3)
 *   end mark            52                                                     (B-6)
 *
 * The type and the experiment are a byte each, the payload is `size` bytes, and the four others are uvarints:
 * generation number, thread id (2^64 - 1: none), ticks of the trace clock, length of the payload. Uvarints of any
 * length are read and the shortest are written, so that a header that is read and written again may become shorter.
 *
 * Limits: a payload is at most FR_PAYLOAD_MAX bytes (B-4). Its contents are not looked at here. */

#include "uvarint.h"

#define FR_EVENT_BATCH 1u
#define FR_EXPERIMENTAL_BATCH 49u
#define FR_END_OF_GENERATION 52u

#define FR_PAYLOAD_MAX 65536u
#define FR_BATCH_HEADER_MAX 35u /* bytes of the longest header put writes: 2, three uvarints of 10, a size of 3 */

/* The header of a batch. Of an end mark, all but the type is 0. */
typedef struct {
  uint32_t type;       /* one of the three above */
  uint32_t experiment; /* of an experimental batch, 0 to 255; else 0 */
  uint64_t gen;        /* generation number */
  uint64_t m;          /* thread id */
  uint64_t time;       /* in ticks */
  uint64_t size;       /* of the payload, in bytes */
} fr_batch;

#include "batch.acsl"

/* Reads the four uvarints of a batch whose generation number begins at offset off of p[0 .. len - 1] into b, whose type
 * and experiment stay as they are, and the offset of the payload into *data; the payload ends within p. Rule B-1.
 * FR_TRUNCATED: p ends inside the fields or the payload (B-5).
 * FR_OVERFLOW: a field does not fit 64 bits (V-5).
 * FR_BAD_SIZE: the payload size is above FR_PAYLOAD_MAX, whether or not there are so many bytes (B-4).
 * The first fault in the order of the bytes wins; after any, *b and *data are what they were. */
/*@
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires off_range: off <= len;
  requires out_valid: \valid(b) && \valid(data);
  requires apart: \separated(b, data);
  requires b_apart: \separated(b, p + (0 .. len - 1));
  requires data_apart: \separated(data, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns b->gen, b->m, b->time, b->size, *data;
  ensures status: \result == \old(bt_fields_status(p, len, off));
  behavior ok:
    assumes readable: bt_fields_status(p, len, off) == FR_OK;
    ensures gen: b->gen == \old(bt_number(p, len, off));
    ensures m: b->m == \old(bt_number(p, len, bt_m_off(p, len, off)));
    ensures time: b->time == \old(bt_number(p, len, bt_time_off(p, len, off)));
    ensures size: b->size == \old(bt_number(p, len, bt_size_off(p, len, off)));
    ensures data: *data == \old(bt_data_off(p, len, off));
    ensures size_max: b->size <= FR_PAYLOAD_MAX;
    ensures inside: off < *data <= len && b->size <= len - *data;
  behavior error:
    assumes unreadable: bt_fields_status(p, len, off) != FR_OK;
    ensures same: *b == \old(*b) && *data == \old(*data);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_batch_fields(const uint8_t *p, size_t len, size_t off, fr_batch *b, size_t *data);

/* Reads the batch at the start of p[0 .. len - 1] into b, and the length of its header into *data: the payload is
 * p[*data .. *data + b->size - 1], within p. What follows the batch is not looked at. Rules B-1, B-3, B-6.
 * FR_BAD_TYPE: the first byte is none of the three types (B-2).
 * FR_TRUNCATED: p ends inside the batch (B-5); with len = 0 as well.
 * FR_OVERFLOW: a uvarint does not fit 64 bits (V-5).
 * FR_BAD_SIZE: the payload size is above FR_PAYLOAD_MAX, whether or not there are so many bytes (B-4).
 * The first fault in the order of the bytes wins; after any, *b and *data are what they were. */
/*@
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires out_valid: \valid(b) && \valid(data);
  requires apart: \separated(b, data);
  requires b_apart: \separated(b, p + (0 .. len - 1));
  requires data_apart: \separated(data, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns *b, *data;
  ensures status: \result == \old(bt_status(p, len));
  behavior ok:
    assumes readable: bt_status(p, len) == FR_OK;
    ensures sound: bt_ok(b);
    ensures type: b->type == \old(p[0]);
    ensures experiment: b->experiment == \old(bt_experiment(p));
    ensures gen: b->gen == \old(bt_gen(p, len));
    ensures m: b->m == \old(bt_m(p, len));
    ensures time: b->time == \old(bt_time(p, len));
    ensures size: b->size == \old(bt_size(p, len));
    ensures data: *data == \old(bt_data(p, len));
    ensures inside: 1 <= *data <= len && b->size <= len - *data;
  behavior error:
    assumes unreadable: bt_status(p, len) != FR_OK;
    ensures same: *b == \old(*b) && *data == \old(*data);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_batch_get(const uint8_t *p, size_t len, fr_batch *b, size_t *data);

/* How many bytes fr_batch_put writes for *b: 1 to FR_BATCH_HEADER_MAX. Rule B-1. */
/*@
  requires b_read: \valid_read(b);
  requires sound: bt_ok(b);
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures size: \result == bt_header_size(b);
  ensures range: 1 <= \result <= FR_BATCH_HEADER_MAX;
*/
size_t fr_batch_header_size(const fr_batch *b);

/* Writes the shortest header of *b, which must be as fr_batch_get could have read it, to buf, and returns its length in
 * bytes, which is fr_batch_header_size(b) and how much room buf must have. The payload is left to the caller.
 * Rules B-1, B-3, B-6, V-3. */
/*@
  requires b_read: \valid_read(b);
  requires sound: bt_ok(b);
  requires buf_valid: \valid(buf + (0 .. bt_header_size(b) - 1));
  requires apart: \separated(b, buf + (0 .. bt_header_size(b) - 1));
  terminates \true;
  exits \false;
  assigns buf[0 .. bt_header_size(b) - 1];
  ensures size: \result == bt_header_size(b);
  ensures range: 1 <= \result <= FR_BATCH_HEADER_MAX;
  ensures encoded: bt_enc(buf, b);
*/
size_t fr_batch_put(uint8_t *buf, const fr_batch *b);

#endif
