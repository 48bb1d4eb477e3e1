/* model: reading bytes. Rules V-1 to V-6, B-1 to B-11 and C-1, C-3 of spec/rules.md. */

#include "model.h"
#include <string.h>

/* V-1, V-2, V-4, V-5. */
int md_uvarint(const uint8_t *p, size_t len, size_t *at, uint64_t *value)
{
  *value = 0;
  for (unsigned i = 0; i < 10; i++) {
    if (*at == len) return FZ_TRUNCATED;
    const uint8_t byte = p[(*at)++];
    if (i == 9 && byte > 1) return FZ_OVERFLOW;
    *value |= (uint64_t)(byte & 127u) << 7 * i;
    if (byte < 128) break;
  }
  return FZ_OK;
}

/* V-3. */
size_t md_put_uvarint(uint8_t *p, uint64_t value)
{
  size_t len = 0;
  for (; value >= 128; value >>= 7) p[len++] = (uint8_t)(value | 128u);
  p[len++] = (uint8_t)value;
  return len;
}

/* V-6. */
static uint64_t estimate(uint64_t value)
{
  unsigned bits = 0;
  for (; value != 0; value >>= 1) bits++;
  return 1 + bits / 7;
}

uint64_t md_estimate(const md_batch *b)
{
  return 1 + estimate(b->gen) + estimate(b->thread) + estimate(b->time) + estimate(b->size) + b->size;
}

/* B-7, B-8. */
int md_header(const md_system *s, const uint8_t *p, unsigned *version)
{
  static const unsigned known[] = {11, 19, 21, 22, 23, 25, 26};
  *version = 0;
  if (s->version_since == 0) return FZ_OK;
  if (memcmp(p, "go 1.", 5) != 0 || memcmp(p + 7, " trace\0\0\0", 9) != 0) return FZ_BAD_HEADER;
  if (p[5] < '0' || p[5] > '9' || p[6] < '0' || p[6] > '9') return FZ_BAD_HEADER;
  const unsigned nn = 10u * (unsigned)(p[5] - '0') + (unsigned)(p[6] - '0');
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
    if (known[i] == nn && nn >= s->version_since) *version = nn;
  return *version == 0 ? FZ_BAD_VERSION : FZ_OK;
}

/* B-1 to B-6: the first thing wrong, in the order of the bytes, counts. */
md_batch md_batch_read(const md_system *s, unsigned version, const uint8_t *p, size_t len)
{
  md_batch b = {.status = FZ_TRUNCATED, .read = len};
  if (len == 0) return b;
  b.type = p[0];
  if (b.type == MD_END_MARK && s->end_marks_since != MD_NEVER && version >= s->end_marks_since) {
    b.status = FZ_OK;
    b.read = 1;
    return b;
  }
  if (b.type != MD_EVENTS && !(b.type == MD_EXPERIMENT && s->experimental)) {
    b.status = FZ_BAD_TYPE;
    b.read = 1;
    return b;
  }
  size_t at = 1;
  if (b.type == MD_EXPERIMENT && !s->experiment_is_field) {
    if (len == 1) return b;
    b.experiment = p[at++];
  }
  uint64_t *const numbers[] = {&b.gen, &b.thread, &b.time, &b.size};
  for (int i = 0; i < 4; i++) {
    b.status = md_uvarint(p, len, &at, numbers[i]);
    b.read = at; /* truncated: that is the end */
    b.asks_for_more = b.status == FZ_OVERFLOW && p[at - 1] >= 128;
    if (b.status != FZ_OK) return b;
  }
  b.head = at;
  if (b.size > MD_PAYLOAD_MAX) {
    b.status = FZ_BAD_SIZE;
  } else if (b.size > len - at) {
    b.status = FZ_TRUNCATED;
    b.read = len;
  } else {
    b.read = at + (size_t)b.size;
  }
  return b;
}

/* `exact` (B-9, B-10). */
static int frequency_exact(bool sync, const uint8_t *p, size_t len, uint64_t *ticks)
{
  size_t at = 0;
  uint64_t clock;
  if (sync && p[at++] != MD_SYNC) return FZ_NO_FREQUENCY;
  if (at == len || p[at] != MD_FREQUENCY) return sync ? FZ_BAD_FREQUENCY : FZ_NO_FREQUENCY;
  at++;
  if (md_uvarint(p, len, &at, ticks) != FZ_OK || *ticks == 0) return FZ_BAD_FREQUENCY;
  if (sync) {
    if (at == len || p[at++] != MD_CLOCKS) return FZ_BAD_FREQUENCY;
    for (int i = 0; i < 4; i++)
      if (md_uvarint(p, len, &at, &clock) != FZ_OK) return FZ_BAD_FREQUENCY;
  }
  return at == len ? FZ_OK : FZ_TRAILING;
}

/* `loose` (B-11): event by event, up to what does not fit. */
static int frequency_loose(bool sync, const uint8_t *p, size_t len, uint64_t *ticks)
{
  if (p[0] != (sync ? MD_SYNC : MD_FREQUENCY)) return FZ_NO_FREQUENCY;
  bool has_ticks = false, has_clocks = false;
  size_t at = sync ? 1 : 0;
  uint64_t number;
  while (at < len) {
    const uint8_t event = p[at++];
    if (event == MD_FREQUENCY && !has_ticks) {
      if (md_uvarint(p, len, &at, &number) != FZ_OK) break;
      has_ticks = true;
      *ticks = number;
    } else if (event == MD_CLOCKS && sync && !has_clocks) {
      int status = FZ_OK;
      for (int i = 0; i < 4 && status == FZ_OK; i++) status = md_uvarint(p, len, &at, &number);
      if (status != FZ_OK) break;
      has_clocks = true;
    } else {
      break;
    }
  }
  return has_ticks ? FZ_OK : FZ_BAD_FREQUENCY;
}

int md_frequency(const md_system *s, unsigned version, const uint8_t *p, size_t len, uint64_t *ticks)
{
  size_t at = 1;
  if (len == 0) return FZ_NO_FREQUENCY;
  if (s->frequency == MD_STRICT) return frequency_exact(version >= 25, p, len, ticks);
  if (s->frequency == MD_LOOSE) return frequency_loose(version >= 25, p, len, ticks);
  if (p[0] != MD_FREQUENCY) return FZ_NO_FREQUENCY;
  return md_uvarint(p, len, &at, ticks) == FZ_OK ? FZ_OK : FZ_BAD_FREQUENCY;
}

/* C-1, C-3. Doubles are binary64, and a comparison with NaN is false. */
int64_t md_nanoseconds(const md_system *s, uint64_t ticks_per_second, uint64_t ticks)
{
  if (ticks_per_second == 0) return INT64_MIN;
  const double rate = 1.0 / ((double)ticks_per_second / 1e9);
  const double ns = (double)ticks * rate;
  if (ns < 9223372036854775808.0) return (int64_t)ns;
  return s->saturates ? INT64_MAX : INT64_MIN;
}
