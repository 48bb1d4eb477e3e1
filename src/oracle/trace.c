#define _GNU_SOURCE
#include "trace.h"
#include "uvarint.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_SIZE ((size_t)256 * 1024)

/* No batch is longer: type, experiment, four numbers of any length, payload. */
#define LONGEST_BATCH ((size_t)2 + 4 * (size_t)FR_UVARINT_MAX + FR_PAYLOAD_MAX)

#define RESUME_BATCHES 3u      /* that must be read in a row, before reading goes on behind a fault */
#define RESUME_GENERATIONS 16u /* that may be missing there */

_Static_assert(BUFFER_SIZE >= (LONGEST_BATCH + 1) * RESUME_BATCHES, "the buffer holds them, and their end marks");

/* Reads until the buffer holds `want` bytes or the file has no more. */
static bool fill(trace *t, size_t want, fault *f)
{
  if (t->all_read || t->end - t->at >= want) return true;
  memmove(t->buffer, t->buffer + t->at, t->end - t->at);
  t->end -= t->at;
  t->at = 0;
  while (!t->all_read && t->end < want) {
    ssize_t n = read(t->fd, t->buffer + t->end, BUFFER_SIZE - t->end);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      *f = fault_system(errno);
      return false;
    }
    t->end += (size_t)n;
    t->all_read = n == 0;
  }
  return true;
}

/* Writes all n bytes. */
static bool write_all(int fd, const uint8_t *bytes, size_t n)
{
  while (n > 0) {
    ssize_t done = write(fd, bytes, n);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return false;
    bytes += done;
    n -= (size_t)done;
  }
  return true;
}

/* Copies what fd still has into a temporary file without a name, and puts that in its place. */
static bool spool(trace *t, fault *f)
{
  FILE *file = tmpfile();
  if (file == NULL) {
    *f = fault_system(errno);
    return false;
  }
  int copy = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
  bool good = copy >= 0;
  fclose(file);
  while (good && !t->all_read) {
    if (!fill(t, BUFFER_SIZE, f)) break;
    good = write_all(copy, t->buffer, t->end);
    t->end = 0;
  }
  if (!good) *f = fault_system(errno);
  if (f->what != NULL) {
    if (copy >= 0) close(copy);
    return false;
  }
  if (t->fd != STDIN_FILENO) close(t->fd);
  t->fd = copy;
  t->start = 0;
  return trace_seek(t, 0, f);
}

/* Makes sure that one can go back in fd. */
static bool make_seekable(trace *t, fault *f)
{
  off_t here = lseek(t->fd, 0, SEEK_CUR);
  if (here < 0) return spool(t, f);
  t->start = (uint64_t)here;
  return true;
}

/* Reads and checks the header. */
static bool read_header(trace *t, fault *f)
{
  if (!fill(t, FR_HEADER_SIZE, f)) return false;
  if (t->end - t->at < FR_HEADER_SIZE) {
    *f = fault_at("this is not a Go execution trace: shorter than a header", "B-7", 0);
    return false;
  }
  memcpy(t->header, t->buffer + t->at, FR_HEADER_SIZE);
  fr_status status = fr_header_get(t->header, &t->version);
  if (status != FR_OK)
    *f = fault_of(status, 0);
  else if (t->version < TRACE_OLDEST)
    *f = fault_at("a trace of Go 1.21 or older, which has no generations", "B-8", 0);
  t->at += FR_HEADER_SIZE;
  t->offset += FR_HEADER_SIZE;
  return f->what == NULL;
}

bool trace_open(trace *t, const char *path, bool seekable, fault *f)
{
  bool standard_input = strcmp(path, "-") == 0;
  *f = (fault){0};
  *t = (trace){.name = standard_input ? "standard input" : path, .fd = STDIN_FILENO};
  if (!standard_input) t->fd = open(path, O_RDONLY | O_CLOEXEC);
  if (t->fd < 0) {
    *f = fault_system(errno);
    return false;
  }
  t->buffer = malloc(BUFFER_SIZE);
  if (t->buffer == NULL) *f = fault_system(ENOMEM);
  if (t->buffer == NULL || (seekable && !make_seekable(t, f)) || !read_header(t, f)) {
    trace_close(t);
    return false;
  }
  return true;
}

bool trace_next(trace *t, trace_batch *b, fault *f)
{
  size_t data = 0;
  *f = (fault){0};
  if (!fill(t, LONGEST_BATCH, f) || t->at == t->end) return false;
  fr_status status = fr_batch_get(t->buffer + t->at, t->end - t->at, &b->head, &data);
  if (status != FR_OK) {
    *f = fault_of(status, t->offset);
    return false;
  }
  b->offset = t->offset;
  b->bytes = t->buffer + t->at;
  b->size = data + (size_t)b->head.size;
  b->payload = b->bytes + data;
  t->at += b->size;
  t->offset += b->size;
  return true;
}

/* Whether batches stand at this place in the buffer, as trace_resume asks for them. */
static bool batches_at(const trace *t, size_t at, uint64_t gen, uint64_t newest)
{
  fr_batch b;
  size_t data = 0;
  unsigned batches = 0;
  bool mark = true; /* an end mark cannot be the first */
  while (batches < RESUME_BATCHES && at < t->end) {
    if (fr_batch_get(t->buffer + at, t->end - at, &b, &data) != FR_OK) return false;
    at += data + (size_t)b.size;
    if (b.type == FR_END_OF_GENERATION) {
      if (mark || t->version < TRACE_END_MARKS_SINCE) return false;
    } else {
      if (b.gen == 0 || (gen != 0 && b.gen - gen > RESUME_GENERATIONS) || b.time < newest / 2) return false;
      gen = b.gen;
      batches++;
    }
    mark = b.type == FR_END_OF_GENERATION;
  }
  return batches > 0;
}

bool trace_resume(trace *t, uint64_t gen, uint64_t newest, fault *f)
{
  *f = (fault){0};
  do {
    if (t->at < t->end) {
      t->at++;
      t->offset++;
    }
    if (!fill(t, RESUME_BATCHES * (LONGEST_BATCH + 1), f)) return false;
  } while (t->at < t->end && !batches_at(t, t->at, gen, newest));
  return true;
}

bool trace_seek(trace *t, uint64_t offset, fault *f)
{
  *f = (fault){0};
  if (lseek(t->fd, (off_t)(t->start + offset), SEEK_SET) < 0) {
    *f = fault_system(errno);
    return false;
  }
  t->at = 0;
  t->end = 0;
  t->offset = offset;
  t->all_read = false;
  return true;
}

void trace_close(trace *t)
{
  free(t->buffer);
  t->buffer = NULL;
  if (t->fd > STDIN_FILENO) close(t->fd);
  t->fd = -1;
}
