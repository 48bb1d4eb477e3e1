#ifndef FR_STATUS_H
#define FR_STATUS_H

/* What a call came to. One value per error class of the specification; vectors compare classes, never texts.
 * A function names in its comment each value that it can return; any value but FR_OK means that nothing was changed. */
typedef enum {
  FR_OK = 0,
  FR_TRUNCATED = 1,        /* V-4, B-5: the bytes end inside a number, a header or a payload */
  FR_OVERFLOW = 2,         /* V-5: a uvarint does not fit 64 bits */
  FR_BAD_TYPE = 3,         /* B-2: the first byte is none of the known batch types */
  FR_BAD_SIZE = 4,         /* B-4: a payload size above 65536 */
  FR_BAD_HEADER = 5,       /* B-7: the 16 bytes are no trace header */
  FR_BAD_VERSION = 6,      /* B-8: a trace header of an unknown version */
  FR_NO_FREQUENCY = 7,     /* B-9: the payload is no frequency batch */
  FR_BAD_FREQUENCY = 8,    /* B-10: it begins as one, and cannot be read or says 0 */
  FR_NO_SPACE = 9,         /* G-6: the caller's memory is full; with more of it, the same call goes on */
  FR_SHORT_HEADER = 10,    /* L-4: a first write of fewer than 16 bytes */
  FR_NOT_ONE_BATCH = 11,   /* L-5: a write that is not exactly one batch */
  FR_BAD_END_MARK = 12,    /* G-2: an end mark with bytes behind it, or without a generation before it */
  FR_BAD_GENERATION = 13,  /* G-3: a generation number out of sequence */
  FR_TRAILING = 14,        /* B-10: bytes behind the frequency in its batch */
  FR_ALREADY_ENABLED = 15, /* L-1 */
  FR_NOT_ENABLED = 16,     /* L-1 */
  FR_BUSY = 17,            /* L-6: a snapshot is being taken */
  FR_TRACER_REFUSED = 18,  /* L-2: the tracer did not start */
  FR_CLOSED = 19,          /* L-8: the stream was closed, or ended by stop, in the middle of something */
  FR_BLOCKED = 20,         /* L-8: nobody reads the stream any more */
  FR_DEADLOCK = 21,        /* L-9: a lock that is never released */
  FR_SINK = 22             /* S-4: the receiver of a snapshot failed */
} fr_status;

#endif
