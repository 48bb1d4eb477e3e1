#ifndef FR_FRAME_H
#define FR_FRAME_H

/* frame: what stands at the front of some bytes, as one of the systems reads it.
 *
 * The reference systems agree on what a batch is and differ in what they take for one: which types, whether the
 * experiment byte is skipped, whether a payload can be an end mark, and how far a reader has got when it finds a fault.
 *
 * Limits: nothing is kept and nothing is changed here; the answer depends on the arguments alone. */

#include "batch.h"
#include "system.h"

/* The most bytes that a batch takes: type, experiment, four uvarints of any length, payload. */
#define FR_BATCH_MAX (2u + 40u + FR_PAYLOAD_MAX)

typedef enum {
  FR_FRAME_NOTHING, /* the bytes are over before a batch has begun */
  FR_FRAME_BATCH,   /* a batch */
  FR_FRAME_MARK     /* an end mark, or what the system takes for one */
} fr_frame_kind;

typedef struct {
  fr_frame_kind kind;
  fr_batch b;  /* of a mark, only the size counts */
  size_t data; /* where the payload begins; of a mark, where the bytes that count as it do */
  size_t used; /* bytes that the reader went over, also when it found a fault; may pass the end (E5) */
  size_t need; /* after FR_TRUNCATED in a stream: at least so many bytes are needed */
} fr_frame;

#include "frame.acsl"

/* Reads what stands at the front of p[0 .. len - 1] in a trace of Go 1.`version`. Rules B-1 to B-6, L-5.
 * FR_BAD_TYPE, FR_TRUNCATED, FR_OVERFLOW, FR_BAD_SIZE: as fr_batch_get says, the first fault in the order of the bytes.
 * FR_BAD_END_MARK, FR_NOT_ONE_BATCH: where writes are to be exactly one batch, and this is another length.
 * After any of them only f->used is defined, and after FR_TRUNCATED f->need; the others may have been written. */
/*@
  requires s_read: \valid_read(s);
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires f_valid: \valid(f);
  requires s_apart: \separated(f, s);
  requires p_apart: \separated(f, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns *f;
  ensures status: \result == \old(fm_status(s, version, p, len));
  ensures used: f->used == \old(fm_used(s, version, p, len));
  ensures used_range: \result == FR_OK ==> f->used <= len;
  ensures used_error: \result != FR_OK ==> 1 <= f->used;
  ensures used_inside: \result != FR_NOT_ONE_BATCH ==> f->used <= len;
  ensures used_max: \result == FR_NOT_ONE_BATCH ==> f->used <= FR_BATCH_MAX;
  ensures size_max: \result == FR_OK ==> f->b.size <= FR_PAYLOAD_MAX;
  ensures payload: \result == FR_OK && f->kind != FR_FRAME_NOTHING ==>
    f->data <= f->used && f->b.size == f->used - f->data;
  ensures need: \result == FR_TRUNCATED ==> f->need == \old(fm_need(s, p, len));
  ensures need_range: \result == FR_TRUNCATED ==> len < f->need <= FR_BATCH_MAX;
  behavior nothing:
    assumes nothing: fm_status(s, version, p, len) == FR_OK && !fm_end_mark(s, version, p, len) &&
      !fm_begins(s, p, len);
    ensures kind: f->kind == FR_FRAME_NOTHING;
    ensures empty: f->data == 0 && f->b.size == 0;
  behavior end_mark:
    assumes mark: fm_status(s, version, p, len) == FR_OK && fm_end_mark(s, version, p, len);
    ensures kind: f->kind == FR_FRAME_MARK;
    ensures type: f->b.type == FR_END_OF_GENERATION;
    ensures experiment: f->b.experiment == 0;
    ensures fields: f->b.gen == 0 && f->b.m == 0 && f->b.time == 0;
    ensures size: f->data == 0 && f->b.size == 1;
  behavior batch:
    assumes batch: fm_status(s, version, p, len) == FR_OK && fm_begins(s, p, len);
    ensures kind: f->kind == \old(fm_batch_kind(s, p, len));
    ensures type: f->b.type == \old(p[0]);
    ensures experiment: f->b.experiment == \old(fm_experiment(s, p));
    ensures gen: f->b.gen == \old(bt_number(p, len, fm_first(s, p)));
    ensures m: f->b.m == \old(bt_number(p, len, bt_m_off(p, len, fm_first(s, p))));
    ensures time: f->b.time == \old(bt_number(p, len, bt_time_off(p, len, fm_first(s, p))));
    ensures size: f->b.size == \old(fm_size(p, len, fm_first(s, p)));
    ensures data: f->data == \old(bt_data_off(p, len, fm_first(s, p)));
  behavior error:
    assumes error: fm_status(s, version, p, len) != FR_OK;
    ensures status: \result != FR_OK;
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_frame_get(const fr_system *s, uint32_t version, const uint8_t *p, size_t len, fr_frame *f);

/* How many bytes the system accounts for a frame that fr_frame_get has read: those stored, or an estimate. Rules V-6,
 * G-7. */
/*@
  requires s_read: \valid_read(s);
  requires f_read: \valid_read(f);
  requires size_max: f->b.size <= FR_PAYLOAD_MAX;
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures account: \result == fm_account(s, f);
  ensures estimate_max: s->estimated ==> \result <= FR_BATCH_MAX;
*/
uint64_t fr_frame_account(const fr_system *s, const fr_frame *f);

#endif
