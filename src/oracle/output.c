#define _GNU_SOURCE
#include "output.h"
#include "fault.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define SEGMENTS_MAX 3

/* Tells why the file could not be written. */
static bool refuse(const char *path, int error)
{
  fault f = fault_system(error);
  fault_print(path, &f);
  return false;
}

/* Writes all segments; errno tells of a failure. */
static bool write_segments(int fd, const fr_segment *segments, int count)
{
  struct iovec vec[SEGMENTS_MAX];
  for (int i = 0; i < count; i++) vec[i] = (struct iovec){(void *)(uintptr_t)segments[i].base, segments[i].len};
  for (int i = 0; i < count;) {
    ssize_t written = writev(fd, vec + i, count - i);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    size_t done = (size_t)written;
    while (i < count && done >= vec[i].iov_len) done -= vec[i++].iov_len;
    if (i < count) {
      vec[i].iov_base = (uint8_t *)vec[i].iov_base + done;
      vec[i].iov_len -= done;
    }
  }
  return true;
}

/* Gives the new file the permissions of the old one, or those that the user's mask leaves. */
static void set_mode(int fd, const struct stat *old)
{
  mode_t mask = umask(0);
  umask(mask);
  (void)fchmod(fd, old != NULL ? old->st_mode & 0777 : 0666 & ~mask);
}

/* Writes a regular file; `old` is the one there now, or NULL. No signal that can be held back comes in between. */
static bool write_file(const char *path, const struct stat *old, const fr_segment *segments, int count)
{
  static const char suffix[] = ".XXXXXX";
  size_t length = strlen(path);
  char *temporary = malloc(length + sizeof suffix);
  if (temporary == NULL) return refuse(path, ENOMEM);
  memcpy(temporary, path, length);
  memcpy(temporary + length, suffix, sizeof suffix);

  sigset_t all, before;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &before);
  int error = 0;
  int fd = mkstemp(temporary);
  if (fd < 0) {
    error = errno;
  } else {
    set_mode(fd, old);
    if (!write_segments(fd, segments, count)) error = errno;
    if (close(fd) != 0 && error == 0) error = errno;
    if (error == 0 && rename(temporary, path) != 0) error = errno;
    if (error != 0) unlink(temporary);
  }
  sigprocmask(SIG_SETMASK, &before, NULL);
  free(temporary);
  return error == 0 || refuse(path, error);
}

bool output_flush(void)
{
  static bool told;
  int error = errno; /* where printing failed, nothing was called since */
  if (fflush(stdout) != 0) error = errno;
  if (!ferror(stdout)) return true;
  if (!told) refuse("standard output", error);
  told = true;
  return false;
}

bool output_write(const char *path, const fr_segment *segments, int count)
{
  if (strcmp(path, "-") == 0) return write_segments(STDOUT_FILENO, segments, count) || refuse("standard output", errno);
  struct stat old;
  if (stat(path, &old) != 0) return write_file(path, NULL, segments, count);
  if (S_ISREG(old.st_mode)) {
    char *real = realpath(path, NULL); /* behind a link */
    if (real == NULL) return refuse(path, errno);
    bool good = write_file(real, &old, segments, count);
    free(real);
    return good;
  }
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return refuse(path, errno);
  int error = write_segments(fd, segments, count) ? 0 : errno;
  if (close(fd) != 0 && error == 0) error = errno;
  return error == 0 || refuse(path, error);
}
