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

/* Reads what stands at the front of p[0 .. len - 1] in a trace of Go 1.`version`. Rules B-1 to B-6, L-5.
 * FR_BAD_TYPE, FR_TRUNCATED, FR_OVERFLOW, FR_BAD_SIZE: as fr_batch_get says, the first fault in the order of the bytes.
 * FR_BAD_END_MARK, FR_NOT_ONE_BATCH: where writes are to be exactly one batch, and this is another length.
 * After any of them only f->used and f->need are defined. */
fr_status fr_frame_get(const fr_system *s, uint32_t version, const uint8_t *p, size_t len, fr_frame *f);

/* What the system accounts for it. Rules V-6, G-7. */
uint64_t fr_frame_account(const fr_system *s, const fr_frame *f);

#endif
