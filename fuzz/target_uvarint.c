/* uvarint: reading and writing numbers, against a second reading bit by bit.
 *
 * - What is read is what a plain reading of the rules finds, byte for byte, also where it is none; of a fault nothing is
 *   changed (V-1, V-2, V-4, V-5).
 * - What is written is read again as the same number, is as long as was said, and no encoding is shorter (V-3).
 * - The estimate is one too many exactly when the bit length is a multiple of seven and not 0 (V-6).
 *
 * Input: any bytes. The numbers that are written are those that were read, and the first eight bytes as they stand. */
#define FZ_TARGET "uvarint"
#include "check.h"
#include "reading.h"
#include "uvarint.h"
#include <string.h>

/* The status that a reading stands for. */
static fr_status status_of(fz_reading reading)
{
  return reading == FZ_READ ? FR_OK : reading == FZ_TOO_LARGE ? FR_OVERFLOW : FR_TRUNCATED;
}

static void check_writing(uint64_t x)
{
  uint8_t bytes[FR_UVARINT_MAX + 1];
  memset(bytes, 0xee, sizeof bytes);
  size_t bits = 0;
  for (uint64_t rest = x; rest != 0; rest /= 2) bits++;
  const size_t shortest = bits == 0 ? 1 : (bits + 6) / 7;
  const size_t size = fr_uvarint_size(x), put = fr_uvarint_put(bytes, x), estimate = fr_uvarint_estimate(x);
  if (size != shortest) fz_fail("V-3", "the size of %#llx is %zu, not %zu", (unsigned long long)x, size, shortest);
  if (put != shortest) fz_fail("V-3", "%#llx was written as %zu bytes", (unsigned long long)x, put);
  if (bytes[put] != 0xee) fz_fail("V-3", "%#llx was written beyond its end", (unsigned long long)x);
  const size_t too_many = bits > 0 && bits % 7 == 0 ? 1 : 0;
  if (estimate != shortest + too_many) fz_fail("V-6", "the estimate of %#llx is %zu", (unsigned long long)x, estimate);
  uint64_t back = ~x;
  size_t used = 0;
  if (fz_read_number(bytes, put, &back, &used) != FZ_READ || back != x || used != put)
    fz_fail("V-1, V-2", "%#llx is written as something else", (unsigned long long)x);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  uint64_t first = 0;
  for (size_t i = 0; i < size && i < 8; i++) first |= (uint64_t)data[i] << (8 * i);
  check_writing(first);
  for (size_t at = 0; at <= size;) {
    uint64_t got = 77, want = 77;
    size_t got_used = 99, want_used = 99;
    const fr_status status = fr_uvarint_get(data + at, size - at, &got, &got_used);
    const fr_status expected = status_of(fz_read_number(data + at, size - at, &want, &want_used));
    if (status != expected) fz_fail("V-4, V-5", "status %d instead of %d, at %zu", status, expected, at);
    if (got != want || got_used != want_used)
      fz_fail("V-1, V-2", "%#llx of %zu bytes is read, not %#llx of %zu, at %zu", (unsigned long long)got, got_used,
              (unsigned long long)want, want_used, at);
    if (status == FR_OK) check_writing(got);
    at += status == FR_OK ? got_used : 1;
  }
  return 0;
}
