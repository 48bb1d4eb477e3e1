#ifndef FR_STATUS_H
#define FR_STATUS_H

/* What a call came to. One value per error class of the specification; vectors compare classes, never texts.
 * A function names in its comment each value that it can return; any value but FR_OK means that nothing was changed. */
typedef enum {
  FR_OK = 0,
  FR_TRUNCATED = 1,     /* V-4, B-5: the bytes end inside a number, a header or a payload */
  FR_OVERFLOW = 2,      /* V-5: a uvarint does not fit 64 bits */
  FR_BAD_TYPE = 3,      /* B-2: the first byte is none of the known batch types */
  FR_BAD_SIZE = 4,      /* B-4: a payload size above 65536 */
  FR_BAD_HEADER = 5,    /* B-7: the 16 bytes are no trace header */
  FR_BAD_VERSION = 6,   /* B-8: a trace header of an unknown version */
  FR_NO_FREQUENCY = 7,  /* B-9: the payload is no frequency batch */
  FR_BAD_FREQUENCY = 8, /* B-10: it begins as one, and cannot be read or says 0 */
  FR_NO_SPACE = 9       /* G-6: the caller's memory is full; with more of it, the same call goes on */
} fr_status;

#endif
