#include "header.h"
#include <stdbool.h>

/* Whether h has the form of a header; a 0 in the pattern stands for any digit. */
/*@
  requires h_read: \valid_read(h + (0 .. FR_HEADER_SIZE - 1));
  terminates \true;
  exits \false;
  assigns \nothing;
  ensures form: \result == true <==> hd_form(h);
*/
static bool has_form(const uint8_t *h)
{
  const uint8_t form[FR_HEADER_SIZE] = {'g', 'o', ' ', '1', '.', '0', '0', ' ', 't', 'r', 'a', 'c', 'e', 0, 0, 0};
  /*@
    loop invariant i_range: 0 <= i <= FR_HEADER_SIZE;
    loop invariant so_far: \forall integer j; 0 <= j < i ==>
      (j == 5 || j == 6 ? '0' <= h[j] <= '9' : h[j] == form[j]);
    loop assigns i;
    loop variant FR_HEADER_SIZE - i;
  */
  for (size_t i = 0; i < FR_HEADER_SIZE; i++) {
    bool fits = form[i] == '0' ? h[i] >= '0' && h[i] <= '9' : h[i] == form[i];
    if (!fits) return false;
  }
  return true;
}

fr_status fr_header_get(const uint8_t h[FR_HEADER_SIZE], uint32_t *version)
{
  if (!has_form(h)) return FR_BAD_HEADER;
  uint32_t nn = 10u * (h[5] - (uint32_t)'0') + (h[6] - (uint32_t)'0');
  switch (nn) {
  case 11:
  case 19:
  case 21:
  case 22:
  case 23:
  case 25:
  case 26:
    *version = nn;
    return FR_OK;
  default:
    return FR_BAD_VERSION;
  }
}
