#ifndef FLIGHTSPEC_ROOMY_H
#define FLIGHTSPEC_ROOMY_H

/* roomy: a recorder whose memory grows as it has to. */

#include "recorder.h"

/* Who wants to see each step of the recorder: what it is called with before and after each write and each end of a
 * generation. `ended`: that was one, and it went well. */
typedef struct {
  void (*before)(void *self, const fr_keeper *k);
  void (*after)(void *self, const fr_keeper *k, uint64_t clock, bool ended);
  void *self;
  uint64_t where; /* the step, as whoever makes it counts */
} roomy_watch;

typedef struct {
  fr_recorder recorder;
  uint8_t *arena;
  uint64_t *columns; /* of the table */
  uint8_t *pending;
  roomy_watch *watch; /* NULL: nobody */
} roomy;

/* Memory for a recorder. False: there is none. */
bool roomy_open(roomy *r);

/* A fresh recorder of this system in the memory that is there. */
void roomy_reset(roomy *r, const fr_system *system);

/* As fr_recorder_write and fr_recorder_end_generation. FR_NO_SPACE: the machine has no more memory. */
fr_status roomy_write(roomy *r, const uint8_t *p, size_t len, uint64_t clock, int64_t *n);
fr_status roomy_end_generation(roomy *r, uint64_t clock);

void roomy_close(roomy *r);

#endif
