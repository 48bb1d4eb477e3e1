#ifndef FLIGHTSPEC_PLAYER_H
#define FLIGHTSPEC_PLAYER_H

/* player: plays a vector on a recorder, and compares each outcome with what it must be. */

#include "packed.h"
#include "recorder.h"

typedef struct {
  packed in; /* the vectors that are still to come */
  fr_recorder recorder;
  uint64_t clock, ticks_per_second;
  const uint8_t *name; /* of the vector that was played last */
  size_t name_len;
  bool shows_e9;
} player;

/* Plays the next vector. Whether all its outcomes are as they must be. */
bool player_vector(player *p);

#endif
