#ifndef FZ_RECORDING_H
#define FZ_RECORDING_H

/* recording: recorders for targets that need them again for each input, and what can be seen of one. Memory is taken
 * once and kept from input to input; for MemorySanitizer it counts as not written each time. */

#include "oracle/roomy.h"
#include <stdlib.h>
#include <string.h>
#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#define FZ_FORGET(p, n) __msan_allocated_memory(p, n)
void __msan_allocated_memory(const volatile void *p, size_t n);
#endif
#endif
#ifndef FZ_FORGET
#define FZ_FORGET(p, n) ((void)(p), (void)(n))
#endif

/* A recorder that was never started. */
static inline void fz_fresh(roomy *r, const fr_system *system)
{
  if (r->arena == NULL && !roomy_open(r)) abort();
  FZ_FORGET(r->arena, r->recorder.keeper.ring.store.cap);
  FZ_FORGET(r->pending, FR_BATCH_MAX);
  roomy_reset(r, system);
}

/* Where the states of two recorders differ; NULL: nowhere. */
static inline const char *fz_different_state(const fr_recorder *a, const fr_recorder *b)
{
  fr_generation g, h;
  if (a->enabled != b->enabled) return "enabled";
  if (a->keeper.ring.n != b->keeper.ring.n) return "the number of generations";
  for (uint32_t i = 0; i <= a->keeper.ring.n; i++) {
    fr_ring_generation(&a->keeper.ring, i, &g);
    fr_ring_generation(&b->keeper.ring, i, &h);
    if (g.size != h.size || g.stored != h.stored) return "the size of a generation";
    if (g.gen != h.gen || g.stamp != h.stamp) return "the label of a generation";
  }
  return NULL;
}

/* A snapshot as one piece; free it. NULL: there is none, and *status says why. */
static inline uint8_t *fz_snapshot(const roomy *r, size_t *size, fr_status *status)
{
  fr_segment seg[3] = {{NULL, 0}};
  *status = fr_recorder_snapshot(&r->recorder, seg);
  *size = seg[0].len + seg[1].len + seg[2].len;
  uint8_t *const all = *status == FR_OK ? malloc(*size) : NULL;
  for (size_t i = 0, at = 0; all != NULL && i < 3; at += seg[i++].len)
    if (seg[i].len > 0) memcpy(all + at, seg[i].base, seg[i].len);
  return all;
}

#endif
