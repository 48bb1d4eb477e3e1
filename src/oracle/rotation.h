#ifndef FLIGHTSPEC_ROTATION_H
#define FLIGHTSPEC_ROTATION_H

/* rotation: what a recorder does each time it completes a generation, and why; seen from outside, by a watch. */

#include "roomy.h"

/* A generation at a rotation. */
typedef struct {
  uint64_t gen, size; /* its number, 0: not known; its accounted bytes */
  int64_t min_time;   /* ns */
  int64_t age;        /* of its minimum time, ns */
  uint64_t newer;     /* accounted bytes of those newer than it: what P-2 looks at */
  int64_t next_age;   /* age of the next newer one: what P-3 looks at; of the newest: 0 */
  bool kept;
  const char *rule; /* P-1 to P-4 */
  bool beyond;      /* it goes because a newer one does */
} rotation_entry;

typedef struct {
  uint64_t number; /* counted from 1 */
  uint64_t where;  /* of the watch */
  uint64_t clock;  /* ticks */
  int64_t now;     /* the same in ns */
  fr_limits limits;
  const rotation_entry *entries; /* newest first */
  size_t count;
} rotation;

/* Sees rotations and tells of them. */
typedef struct {
  void (*tell)(void *self, const rotation *r);
  void (*forget)(void *self); /* all generations were forgotten (L-7) */
  void *self;
  roomy_watch watch;    /* to be given to the recorder */
  fr_rate rate;         /* of the clock before this step */
  uint64_t start;       /* of the active generation before it */
  rotation_entry *kept; /* the complete generations, newest first */
  size_t n, cap;        /* how many; how many have room */
  uint64_t rotations;
  const char *fault; /* what went wrong in here; NULL: nothing */
} rotation_watch;

/* Sets it up; `tell`, `forget` and `self` are the caller's. Here it must stay. */
void rotation_watch_open(rotation_watch *w);

void rotation_watch_close(rotation_watch *w);

#endif
