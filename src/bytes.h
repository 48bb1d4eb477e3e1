#ifndef FR_BYTES_H
#define FR_BYTES_H

/* The one copy. A byte loop that the prover follows and that compilers turn into memcpy or memmove
 * (tests/bench/copy-check looks at what they made of it). */

#include <stddef.h>
#include <stdint.h>

/* Copies n bytes from src to dst, which do not overlap. With n = 0 neither pointer is looked at. */
/*@
  requires dst_valid: n == 0 || \valid(dst + (0 .. n - 1));
  requires src_valid: n == 0 || \valid_read(src + (0 .. n - 1));
  requires apart: \separated(dst + (0 .. n - 1), src + (0 .. n - 1));
  terminates \true;
  exits \false;
  assigns dst[0 .. n - 1];
  ensures copied: \forall integer i; 0 <= i < n ==> dst[i] == \old(src[i]);
*/
static inline void fr_copy(uint8_t *restrict dst, const uint8_t *restrict src, size_t n)
{
  /*@
    loop invariant i_range: 0 <= i <= n;
    loop invariant copied_so_far: \forall integer j; 0 <= j < i ==> dst[j] == src[j];
    loop assigns i, dst[0 .. n - 1];
    loop variant n - i;
  */
  for (size_t i = 0; i < n; i++) dst[i] = src[i];
}

#endif
