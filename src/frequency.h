#ifndef FR_FREQUENCY_H
#define FR_FREQUENCY_H

/* frequency: how many ticks of the trace clock make a second. Each generation says so in a batch of its own, whose
 * payload is
 *
 *   below Go 1.25    8, ticks per second
 *   from Go 1.25     50, 8, ticks per second, 51, four uvarints: the clocks at the begin of the generation
 *
 * where 8, 50 and 51 are a byte each and the other five are uvarints. The four clock readings are skipped.
 *
 * Limits: only the begin of the payload is read, and what may follow is the caller's to judge. In the traces of Go
 * 1.22, 1.23, 1.25 and 1.26 that were looked at nothing follows: every frequency batch fills its payload exactly, with
 * 5 bytes below 1.25 and 23 or 24 from then on. */

#include "batch.h"

#define FR_EVENT_FREQUENCY 8u
#define FR_EVENT_SYNC 50u
#define FR_EVENT_CLOCK_SNAPSHOT 51u

#include "frequency.acsl"

/* Reads the payload p[0 .. len - 1] of a batch in a trace of Go 1.`version`: the ticks per second, and how many bytes
 * the frequency batch takes. Rule B-9.
 * FR_NO_FREQUENCY: it is none; the payload is empty or begins with another byte (B-9).
 * FR_BAD_FREQUENCY: it begins as one and cannot be read, or says 0 (B-10).
 * After either, *ticks_per_second and *used are what they were. */
/*@
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires out_valid: \valid(ticks_per_second) && \valid(used);
  requires apart: \separated(ticks_per_second, used);
  requires ticks_apart: \separated(ticks_per_second, p + (0 .. len - 1));
  requires used_apart: \separated(used, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns *ticks_per_second, *used;
  behavior ok:
    assumes good: fq_good(p, len, version);
    ensures status: \result == FR_OK;
    ensures ticks: *ticks_per_second == \old(fq_ticks(p, len, version));
    ensures not_zero: *ticks_per_second > 0;
    ensures used: *used == \old(fq_end(p, len, version));
    ensures inside: 1 < *used <= len;
  behavior none:
    assumes none: !fq_begins(p, len, version);
    ensures status: \result == FR_NO_FREQUENCY;
    ensures same: *ticks_per_second == \old(*ticks_per_second) && *used == \old(*used);
  behavior bad:
    assumes bad: fq_begins(p, len, version) && !fq_good(p, len, version);
    ensures status: \result == FR_BAD_FREQUENCY;
    ensures same: *ticks_per_second == \old(*ticks_per_second) && *used == \old(*used);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_frequency_get(const uint8_t *p, size_t len, uint32_t version, uint64_t *ticks_per_second, size_t *used);

/* The ticks per second alone, as the x/exp recorders look for them: the first that can be read in the payload, in a
 * trace of Go 1.25 and later possibly behind the clock readings; whatever follows. They may be 0. Rule B-11.
 * FR_NO_FREQUENCY: the payload is no frequency batch; it is empty or begins with another byte.
 * FR_BAD_FREQUENCY: it begins as one, and no ticks can be read.
 * After either, *ticks_per_second is what it was. */
/*@
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires out_valid: \valid(ticks_per_second);
  requires apart: \separated(ticks_per_second, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns *ticks_per_second;
  behavior ok:
    assumes found: fq_found(p, len, version);
    ensures status: \result == FR_OK;
    ensures ticks: *ticks_per_second == \old(fq_found_ticks(p, len, version));
  behavior none:
    assumes none: !fq_begins(p, len, version);
    ensures status: \result == FR_NO_FREQUENCY;
    ensures same: *ticks_per_second == \old(*ticks_per_second);
  behavior bad:
    assumes bad: fq_begins(p, len, version) && !fq_found(p, len, version);
    ensures status: \result == FR_BAD_FREQUENCY;
    ensures same: *ticks_per_second == \old(*ticks_per_second);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_frequency_find(const uint8_t *p, size_t len, uint32_t version, uint64_t *ticks_per_second);

#endif
