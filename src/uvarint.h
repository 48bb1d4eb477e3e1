#ifndef FR_UVARINT_H
#define FR_UVARINT_H

/* uvarint: unsigned numbers of variable length, seven bits a byte, the lowest first (Go's encoding/binary, unsigned
 * LEB128).
 *
 * Each byte but the last has its top bit set. A uvarint is at most 10 bytes long, and the tenth byte, with room for one
 * bit only, is 0 or 1 (V-1). A value has more than one encoding, since zero digits may be added at its upper end; real
 * traces do that to every batch's length field. All of them are read, the shortest one is written.
 *
 * Limits: none; every value of 64 bits can be written and read. */

#include "status.h"
#include <stddef.h>
#include <stdint.h>

#define FR_UVARINT_MAX 10u /* bytes of the longest uvarint */

#include "uvarint.acsl"

/* How many bytes fr_uvarint_put writes for x: 1 to FR_UVARINT_MAX. Rule V-3. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures size: \result == uv_size(x);
  ensures range: 1 <= \result <= FR_UVARINT_MAX;
*/
size_t fr_uvarint_size(uint64_t x);

/* How many bytes the Go recorders of x/exp/trace believe that x takes: one more than fr_uvarint_size when the bit
 * length of x is 7, 14, ..., 63, else the same. Rule V-6, erratum E1. */
/*@
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures estimate: \result == uv_estimate(x);
  ensures range: 1 <= \result <= FR_UVARINT_MAX;
*/
size_t fr_uvarint_estimate(uint64_t x);

/* Writes the shortest encoding of x to buf and returns its length in bytes, which is fr_uvarint_size(x) and how much
 * room buf must have. Rules V-1, V-2, V-3. */
/*@
  requires buf_valid: \valid(buf + (0 .. uv_size(x) - 1));
  terminates \true;
  exits \false;
  assigns buf[0 .. uv_size(x) - 1];
  ensures size: \result == uv_size(x);
  ensures encoded: uv_enc(buf, x);
  ensures no_zero_digit: \result > 1 ==> buf[\result - 1] != 0;
*/
size_t fr_uvarint_put(uint8_t *buf, uint64_t x);

/* Reads the uvarint at the start of p[0 .. len - 1]: its value, and how many bytes it took. Rules V-1, V-2.
 * FR_TRUNCATED: the bytes end before the uvarint does (V-4); with len = 0 as well.
 * FR_OVERFLOW: the uvarint does not fit 64 bits (V-5).
 * After either, *value and *used are what they were. */
/*@
  requires p_read: \valid_read(p + (0 .. len - 1));
  requires out_valid: \valid(value) && \valid(used);
  requires apart: \separated(value, used);
  requires value_apart: \separated(value, p + (0 .. len - 1));
  requires used_apart: \separated(used, p + (0 .. len - 1));
  terminates \true;
  exits \false;
  assigns *value, *used;
  behavior ok:
    assumes parses: uv_parse(p, len) > 0;
    ensures status: \result == FR_OK;
    ensures used: *used == \old(uv_parse(p, len));
    ensures value: *value == \old(uv_value(p, uv_parse(p, len)));
  behavior truncated:
    assumes truncated: uv_parse(p, len) == 0;
    ensures status: \result == FR_TRUNCATED;
    ensures same: *value == \old(*value) && *used == \old(*used);
  behavior overflow:
    assumes overflow: uv_parse(p, len) == -1;
    ensures status: \result == FR_OVERFLOW;
    ensures same: *value == \old(*value) && *used == \old(*used);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_uvarint_get(const uint8_t *p, size_t len, uint64_t *value, size_t *used);

#endif
