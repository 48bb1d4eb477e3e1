#ifndef FR_SYSTEM_H
#define FR_SYSTEM_H

/* system: the choices in which flight recorders differ, as data.
 *
 * A row of the table is a recorder, a column a choice. Four rows are recorders as they exist, mistakes included; the
 * fifth, `strict`, is the one that this specification recommends. The recorder reads the columns, never the name.
 *
 * Limits: the table holds what differs. What all rows share (pruning, the order of a snapshot) is in ring and snapshot. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FR_NEVER UINT32_MAX

/* How the stream is cut into writes. */
typedef enum {
  FR_FRAMING_STREAM, /* anywhere */
  FR_FRAMING_FIRST,  /* a write is a batch, the first with the header before it; what follows the batch is ignored */
  FR_FRAMING_EXACT   /* a write is exactly a batch, the first with the header before it */
} fr_framing;

/* When the active generation ends. */
typedef enum {
  FR_ROTATION_NEXT, /* at a batch that has its number + 1, modulo 2^64, if its number is not 0 */
  FR_ROTATION_MARK, /* when it is told, which is after each end mark */
  FR_ROTATION_BOTH  /* at its end mark, or in versions without one at the batch that has its number + 1 */
} fr_rotation;

/* Where the ticks per second come from. */
typedef enum {
  FR_FREQUENCY_GIVEN, /* from start */
  FR_FREQUENCY_PLAIN, /* from batches as Go 1.22 writes them, in every version; one that cannot be read is an error */
  FR_FREQUENCY_LOOSE, /* from batches as each version writes them; one that cannot be read counts as none */
  FR_FREQUENCY_EXACT  /* from batches as each version writes them; one that is not as it must be is an error */
} fr_frequency_source;

/* What an error in the stream does to what comes after it. */
typedef enum {
  FR_ERROR_PASSES, /* nothing */
  FR_ERROR_STAYS,  /* the first one is told by stop, and writing goes on */
  FR_ERROR_BLOCKS, /* as above, but nobody reads any more */
  FR_ERROR_ENDS    /* each later write says the same and takes nothing */
} fr_error_policy;

typedef struct {
  const char *name;
  fr_framing framing;
  fr_rotation rotation;
  fr_frequency_source frequency;
  fr_error_policy error;
  uint32_t version_since;   /* the header must name a known version (B-8), this or later; 0: any 16 bytes are one */
  uint32_t end_marks_since; /* the version from which on end marks are taken; FR_NEVER: none are */
  bool experimental;        /* batches of type 49 are taken */
  bool header_in_place;     /* a header that comes in parts overwrites the old one part by part (E24) */
  bool experiment_is_field; /* the experiment byte is read as the begin of the generation number (E16) */
  bool payload_marks;       /* a payload that begins with 52 makes an end mark of an event batch (E7) */
  bool verbatim;            /* bytes are kept as they came; otherwise headers are written anew (E8) */
  bool estimated;           /* sizes are accounted by the estimate of E1; otherwise as stored */
  bool nanoseconds;         /* minimum times are kept in ns; otherwise in ticks */
  bool zero_is_time;        /* a batch of time 0 has a time, and makes the minimum unset (E10); otherwise it has none */
  bool overflow_for_truncated; /* a truncated uvarint is called an overflow (E6) */
  bool remaining;              /* after an error n is what remains of the write, not what was taken (E5) */
  bool zero_is_default;        /* a limit of 0 means the default */
  bool stop_tells;             /* stop returns the error kept */
  bool takes_after_stop;       /* writes between stop and start count for the next run (E14) */
  bool stop_needs_start;       /* stopping what is not started is an error */
  bool saturates;              /* times out of range are the greatest (C-3); otherwise the least (E9) */
  uint32_t flushes;            /* how often the tracer is flushed before a snapshot */
  uint32_t read_ahead;         /* bytes that the reader of a stream takes at once; 0: what is there */
} fr_system;

enum { FR_EXP_PIPE, FR_EXP_WRITE, FR_EXP_EOG, FR_RUNTIME, FR_STRICT, FR_SYSTEMS };

#define FR_DEFAULT_MAX_BYTES INT64_C(10485760)  /* 10 MiB */
#define FR_DEFAULT_MIN_AGE INT64_C(10000000000) /* ns */

#include "system.acsl"

/* The table. Each row is sy_ok: what recorder and frame need of a system (proofs/theorems_system.c). */
extern const fr_system fr_systems[FR_SYSTEMS];

#endif
