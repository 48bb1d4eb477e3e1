/* The mutator as AFL++ calls it: one to four changes to a copy of the input, beside those of AFL++ itself. */

#include "mutate.h"
#include <stdlib.h>
#include <string.h>

#define CHANGES 256u

typedef struct {
  uint32_t seed; /* of the next call */
  uint8_t *out;
  size_t cap;
} state;

void *afl_custom_init(void *afl, unsigned int seed);
size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf, const uint8_t *add_buf,
                       size_t add_buf_size, size_t max_size);
uint32_t afl_custom_fuzz_count(void *data, const uint8_t *buf, size_t buf_size);
void afl_custom_deinit(void *data);

void *afl_custom_init(void *afl, unsigned int seed)
{
  (void)afl;
  state *const s = calloc(1, sizeof *s);
  if (s != NULL) s->seed = seed;
  return s;
}

size_t afl_custom_fuzz(void *data, uint8_t *buf, size_t buf_size, uint8_t **out_buf, const uint8_t *add_buf,
                       size_t add_buf_size, size_t max_size)
{
  state *const s = data;
  (void)add_buf;
  (void)add_buf_size;
  if (s->cap < max_size) {
    uint8_t *const larger = realloc(s->out, max_size);
    if (larger == NULL) return 0;
    s->out = larger;
    s->cap = max_size;
  }
  size_t size = buf_size < max_size ? buf_size : max_size;
  memcpy(s->out, buf, size);
  *out_buf = s->out;
  for (uint32_t i = 0; i <= s->seed % 4; i++) size = fz_mutate(s->out, size, max_size, s->seed + 0x10000u * i);
  s->seed = s->seed * 1664525u + 1013904223u;
  return size;
}

/* How many changed inputs to make of this one. Text has nothing that the mutator knows. */
uint32_t afl_custom_fuzz_count(void *data, const uint8_t *buf, size_t buf_size)
{
  (void)data;
  return buf_size > 0 && buf[0] == '{' ? 0 : CHANGES;
}

void afl_custom_deinit(void *data)
{
  state *const s = data;
  free(s->out);
  free(s);
}
