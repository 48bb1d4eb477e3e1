#include "frequency.h"
#include <stdbool.h>

/* Moves *at behind the clock snapshot that begins there; false, if it cannot be read. */
/*@
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires at_valid: \valid(at) && *at <= len;
  requires apart: \separated(at, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns *at;
  ensures range: *at <= len;
  behavior ok:
    assumes readable: 0 <= fq_clock_end(p, len, *at);
    ensures result: \result == true;
    ensures end: *at == \old(fq_clock_end(p, len, *at));
    ensures moved: *at > \old(*at);
  behavior bad:
    assumes unreadable: fq_clock_end(p, len, *at) < 0;
    ensures result: \result == false;
  complete behaviors;
  disjoint behaviors;
*/
static bool skip_clock_snapshot(const uint8_t *p, size_t len, size_t *at)
{
  size_t o = *at;
  if (o == len || p[o] != FR_EVENT_CLOCK_SNAPSHOT) return false;
  o++;
  /*@
    loop invariant i_range: 0 <= i <= 4;
    loop invariant o_range: \at(*at, Pre) < o <= len;
    loop invariant rest: fq_skip(p, len, o, 4 - i) == fq_skip(p, len, \at(*at, Pre) + 1, 4);
    loop assigns i, o;
    loop variant 4 - i;
  */
  for (uint32_t i = 0; i < 4; i++) {
    uint64_t reading = 0;
    size_t n = 0;
    if (fr_uvarint_get(p + o, len - o, &reading, &n) != FR_OK) return false;
    //@ assert next: bt_next(p, len, o) == o + n;
    //@ assert step: fq_skip(p, len, o, 4 - i) == fq_skip(p, len, o + n, 3 - i);
    o += n;
    //@ assert moved: fq_skip(p, len, o, 3 - i) == fq_skip(p, len, \at(*at, Pre) + 1, 4);
  }
  *at = o;
  return true;
}

fr_status fr_frequency_get(const uint8_t *p, size_t len, uint32_t version, uint64_t *ticks_per_second, size_t *used)
{
  bool sync = version >= 25u;
  uint64_t ticks = 0;
  size_t at = sync ? 2 : 1, n = 0;
  if (len == 0 || p[0] != (sync ? FR_EVENT_SYNC : FR_EVENT_FREQUENCY)) return FR_NO_FREQUENCY;
  if (len < at || p[at - 1] != FR_EVENT_FREQUENCY) return FR_BAD_FREQUENCY;
  if (fr_uvarint_get(p + at, len - at, &ticks, &n) != FR_OK || ticks == 0) return FR_BAD_FREQUENCY;
  at += n;
  //@ assert ticks: ticks == fq_ticks{Pre}(p, len, version) && ticks > 0;
  //@ assert ticks_end: at == fq_ticks_end{Pre}(p, len, version) <= len;
  //@ assert begins: fq_begins{Pre}(p, len, version);
  if (sync && !skip_clock_snapshot(p, len, &at)) return FR_BAD_FREQUENCY;
  //@ assert end: 1 < at <= len && at == fq_end{Pre}(p, len, version);
  *ticks_per_second = ticks;
  *used = at;
  return FR_OK;
}

fr_status fr_frequency_find(const uint8_t *p, size_t len, uint32_t version, uint64_t *ticks_per_second)
{
  bool sync = version >= 25u;
  uint64_t ticks = 0;
  size_t at = 1, n = 0;
  if (len == 0 || p[0] != (sync ? FR_EVENT_SYNC : FR_EVENT_FREQUENCY)) return FR_NO_FREQUENCY;
  //@ assert begins: fq_begins{Pre}(p, len, version);
  if (sync) {
    if (at < len && p[at] == FR_EVENT_CLOCK_SNAPSHOT && !skip_clock_snapshot(p, len, &at)) return FR_BAD_FREQUENCY;
    //@ assert event: 1 <= at <= len && at == fq_event_off{Pre}(p, len);
    if (at == len || p[at] != FR_EVENT_FREQUENCY) return FR_BAD_FREQUENCY;
    at++;
  }
  //@ assert found: at == fq_found_off{Pre}(p, len, version) <= len;
  if (fr_uvarint_get(p + at, len - at, &ticks, &n) != FR_OK) return FR_BAD_FREQUENCY;
  //@ assert ticks: ticks == fq_found_ticks{Pre}(p, len, version);
  *ticks_per_second = ticks;
  return FR_OK;
}
