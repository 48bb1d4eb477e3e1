#ifndef FR_HEADER_H
#define FR_HEADER_H

/* header: the first bytes of a trace, which name the version of Go whose format it is in.
 *
 *   "go 1.26 trace" and three NULs
 *
 * Limits: only the versions that Go's own trace readers know are taken. That is a list and not a range, since not every
 * release of Go changed the format, and those that did not write the number of the last one that did. */

#include "status.h"
#include <stddef.h>
#include <stdint.h>

#define FR_HEADER_SIZE 16u

#include "header.acsl"

/* Reads a trace header and gives the NN of "go 1.NN trace". Rules B-7, B-8.
 * FR_BAD_HEADER: the bytes are no header of that form (B-7).
 * FR_BAD_VERSION: they are, and NN is none of 11, 19, 21, 22, 23, 25 and 26 (B-8).
 * After either, *version is what it was. */
/*@
  requires h_read: \valid_read(h + (0 .. FR_HEADER_SIZE - 1));
  requires version_valid: \valid(version);
  requires apart: \separated(version, h + (0 .. FR_HEADER_SIZE - 1));
  terminates \true;
  exits \false;
  assigns *version;
  behavior ok:
    assumes known: hd_form(h) && hd_known(hd_version(h));
    ensures status: \result == FR_OK;
    ensures version: *version == \old(hd_version(h));
  behavior unknown:
    assumes unknown: hd_form(h) && !hd_known(hd_version(h));
    ensures status: \result == FR_BAD_VERSION;
    ensures same: *version == \old(*version);
  behavior malformed:
    assumes malformed: !hd_form(h);
    ensures status: \result == FR_BAD_HEADER;
    ensures same: *version == \old(*version);
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_header_get(const uint8_t h[FR_HEADER_SIZE], uint32_t *version);

#endif
