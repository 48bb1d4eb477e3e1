#ifndef FZ_PERFORM_H
#define FZ_PERFORM_H

/* perform: the operations of a recorder's program (program.h), done to our recorder as the program `run` does them. */

#include "program.h"
#include "recording.h"

typedef struct {
  roomy memory;
  uint64_t ticks_per_second, clock;
} fz_performer;

/* One write; in `runtime` an end mark alone is followed by the end of the generation. */
static inline void fz_perform_write(fz_performer *f, const uint8_t *p, size_t len, bool only)
{
  int64_t n = 0;
  const fr_status status = roomy_write(&f->memory, p, len, f->clock, &n);
  const bool told = f->memory.recorder.keeper.system->rotation == FR_ROTATION_MARK && status != FR_NOT_ENABLED;
  if (told && !only && len == 1 && p[0] == FR_END_OF_GENERATION) (void)roomy_end_generation(&f->memory, f->clock);
}

static inline void fz_perform(fz_performer *f, const fz_operation *op)
{
  fr_recorder *const r = &f->memory.recorder;
  switch (op->operation % FZ_RECORDER_OPERATIONS) {
  case FZ_WRITE:
  case FZ_WRITE_ONLY:
    fz_perform_write(f, op->bytes, op->len, op->operation % FZ_RECORDER_OPERATIONS == FZ_WRITE_ONLY);
    break;
  case FZ_CLOCK:
    f->clock = op->number[0];
    break;
  case FZ_CLOCK_ON:
    f->clock += op->number[0];
    break;
  case FZ_START_REFUSED:
  case FZ_START:
    if (fr_recorder_start(r, f->ticks_per_second) == FR_OK && op->operation % FZ_RECORDER_OPERATIONS != FZ_START)
      fr_recorder_refuse(r);
    break;
  case FZ_STOP:
    (void)fr_recorder_stop(r);
    break;
  case FZ_SET:
    fr_recorder_set(r, fz_signed(op->number[0]), fz_signed(op->number[1]));
    break;
  case FZ_CLOSE:
    if (r->keeper.system->framing == FR_FRAMING_STREAM) (void)fr_recorder_close(r);
    break;
  case FZ_END_GENERATION:
    if (r->keeper.system->rotation != FR_ROTATION_NEXT) (void)roomy_end_generation(&f->memory, f->clock);
    break;
  default:
    break;
  }
}

#endif
