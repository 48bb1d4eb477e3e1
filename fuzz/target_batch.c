/* batch: reading and writing batches, against a second reading.
 *
 * - What is read, and every fault, is what a plain reading of the rules finds; of a fault nothing is changed (B-1 to
 *   B-6, V-1, V-4, V-5).
 * - A header written again is as long as was said, no number in it could be shorter, and it is read as the same (V-3).
 * - A batch with one byte less is truncated (B-5).
 *
 * Input: any bytes; what follows a batch is the next one, what follows a fault begins a byte later. */
#define FZ_TARGET "batch"
#include "check.h"
#include "batch.h"
#include "reading.h"
#include <string.h>

static fr_status status_of(fz_reading reading)
{
  static const fr_status by_reading[] = {
    [FZ_READ] = FR_OK,
    [FZ_CUT_SHORT] = FR_TRUNCATED,
    [FZ_TOO_LARGE] = FR_OVERFLOW,
    [FZ_UNKNOWN_TYPE] = FR_BAD_TYPE,
    [FZ_LONG_PAYLOAD] = FR_BAD_SIZE,
  };
  return by_reading[reading];
}

static bool same(const fr_batch *b, const fz_batch *read)
{
  return b->type == read->type && b->experiment == read->experiment && b->gen == read->field[0] &&
    b->m == read->field[1] && b->time == read->field[2] && b->size == read->field[3];
}

/* How long the shortest header is. */
static size_t shortest(const fz_batch *b)
{
  if (b->type == FR_END_OF_GENERATION) return 1;
  size_t n = b->type == FR_EXPERIMENTAL_BATCH ? 2 : 1;
  for (size_t i = 0; i < 4; i++) {
    n++;
    for (uint64_t rest = b->field[i]; rest > 127; rest >>= 7) n++;
  }
  return n;
}

static void check_writing(const fr_batch *b, const fz_batch *read, const uint8_t *p, size_t at)
{
  uint8_t bytes[FR_BATCH_HEADER_MAX + 64 + 1];
  memset(bytes, 0xee, sizeof bytes);
  const size_t size = fr_batch_header_size(b), put = fr_batch_put(bytes, b);
  if (size != shortest(read) || put != size)
    fz_fail("B-1, V-3", "a header of %zu bytes is said to take %zu, and takes %zu, at %zu", shortest(read), size, put,
            at);
  if (bytes[put] != 0xee) fz_fail("B-1", "a header is written beyond its end, at %zu", at);
  fz_batch again;
  if (b->size > 64) return;
  memcpy(bytes + put, p + read->header, (size_t)b->size);
  if (fz_read_batch(bytes, put + (size_t)b->size, false, &again) != FZ_READ || again.header != put || !same(b, &again))
    fz_fail("B-1, B-3", "a header is written as another, at %zu", at);
}

static void check_shorter(const uint8_t *p, size_t whole, size_t at)
{
  fr_batch b = {0};
  size_t data = 0;
  const fr_status status = fr_batch_get(p, whole - 1, &b, &data);
  if (status != FR_TRUNCATED) fz_fail("B-5", "a batch without its last byte: status %d, at %zu", status, at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  static const fr_batch untouched = {7, 7, 7, 7, 7, 7};
  for (size_t at = 0; at <= size;) {
    fz_batch read;
    fr_batch b = untouched;
    size_t header = 77;
    const uint8_t *const p = data + at;
    const fr_status want = status_of(fz_read_batch(p, size - at, false, &read));
    const fr_status status = fr_batch_get(p, size - at, &b, &header);
    if (status != want) fz_fail("B-2 to B-5", "status %d instead of %d, at %zu", status, want, at);
    at++;
    if (status != FR_OK) {
      if (header != 77 || b.type != 7 || b.experiment != 7 || b.gen != 7 || b.m != 7 || b.time != 7 || b.size != 7)
        fz_fail("B-5", "a fault has changed something, at %zu", at - 1);
      continue;
    }
    if (!same(&b, &read) || header != read.header) fz_fail("B-1", "a field is read otherwise, at %zu", at - 1);
    check_writing(&b, &read, p, at - 1);
    check_shorter(p, read.whole, at - 1);
    at += read.whole - 1;
  }
  return 0;
}
