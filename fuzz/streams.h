#ifndef FZ_STREAMS_H
#define FZ_STREAMS_H

/* streams: what the program's commands print, caught in memory. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Standard output and standard error as they were, and what goes there meanwhile. */
typedef struct {
  FILE *out_before, *err_before;
  char *out, *err;
  size_t out_size, err_size;
} fz_caught;

/* From here on both go to memory. What a sanitizer says goes to the descriptor, and is seen. */
static inline void fz_catch(fz_caught *c)
{
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
