#ifndef FZ_STREAMS_H
#define FZ_STREAMS_H

/* streams: what the program's commands print, caught in memory. */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#define FZ_WRITTEN(p, n) __msan_unpoison(p, n)
void __msan_unpoison(const volatile void *p, size_t n);
#endif
#endif
#ifndef FZ_WRITTEN
#define FZ_WRITTEN(p, n) ((void)(p), (void)(n))
#endif

/* Memory for jansson, which is not compiled for MemorySanitizer: what it makes counts as written. */
static void *fz_memory(size_t size)
{
  void *const p = malloc(size);
  if (p != NULL) FZ_WRITTEN(p, size);
  return p;
}

/* Standard output and standard error as they were, and what goes there meanwhile. */
typedef struct {
  FILE *out_before, *err_before;
  char *out, *err;
  size_t out_size, err_size;
} fz_caught;

/* From here on both go to memory. What a sanitizer says goes to the descriptor, and is seen. */
static inline void fz_catch(fz_caught *c)
{
  json_set_alloc_funcs(fz_memory, free);
  c->out_before = stdout;
  c->err_before = stderr;
  stdout = open_memstream(&c->out, &c->out_size);
  stderr = open_memstream(&c->err, &c->err_size);
  if (stdout == NULL || stderr == NULL) abort();
}

/* Both are as they were; fz_free the texts. */
static inline void fz_release(fz_caught *c)
{
  fclose(stdout);
  fclose(stderr);
  stdout = c->out_before;
  stderr = c->err_before;
}

static inline void fz_free(fz_caught *c)
{
  free(c->out);
  free(c->err);
}

static inline size_t fz_lines(const char *text, size_t size)
{
  size_t n = 0;
  for (size_t i = 0; i < size; i++) n += text[i] == '\n';
  return n;
}

#endif
