/* replay: runs a target over files and folders, with no engine at all.
 *
 *   TARGET FILE-OR-FOLDER...
 *
 * Each file is one input, handed over in memory of exactly its size. A broken property, a sanitizer's finding, a file
 * that cannot be read, an input that takes longer than LIMIT seconds, or no input at all makes the exit status non-zero;
 * what was running is then said. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

#define LIMIT 20u /* seconds for one input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char current[4096]; /* the path of the input that runs */
static size_t inputs;

static void say(const char *text)
{
  if (write(STDERR_FILENO, text, strlen(text)) < 0) _exit(3);
}

/* On an abort or an alarm: says which input it was. */
static void stop(int signal)
{
  say(signal == SIGALRM ? "takes too long: " : "stopped by: ");
  say(current);
  say("\n");
  _exit(1);
}

#ifdef __SANITIZE_ADDRESS__
/* When a sanitizer ends the program: likewise. */
static void say_current(void)
{
  say("stopped by: ");
  say(current);
  say("\n");
}
#endif

static _Noreturn void refuse(const char *path)
{
  fprintf(stderr, "%s: %s\n", path, strerror(errno));
  exit(1);
}

static void run_file(const char *path, size_t size)
{
  FILE *file = fopen(path, "rb");
  if (file == NULL) refuse(path);
  uint8_t *data = malloc(size > 0 ? size : 1);
  if (data == NULL) refuse(path);
  if (fread(data, 1, size, file) != size) refuse(path);
  fclose(file);
  snprintf(current, sizeof current, "%s", path);
  alarm(LIMIT);
  LLVMFuzzerTestOneInput(data, size);
  alarm(0);
  free(data);
  inputs++;
}

static void run_path(const char *path)
{
  struct stat is;
  if (stat(path, &is) != 0) refuse(path);
  if (!S_ISDIR(is.st_mode)) {
    run_file(path, (size_t)is.st_size);
    return;
  }
  struct dirent **names;
  const int n = scandir(path, &names, NULL, alphasort);
  if (n < 0) refuse(path);
  for (int i = 0; i < n; i++) {
    char *inside = NULL;
    if (names[i]->d_name[0] != '.') {
      if (asprintf(&inside, "%s/%s", path, names[i]->d_name) < 0) refuse(path);
      run_path(inside);
      free(inside);
    }
    free(names[i]);
  }
  free(names);
}

int main(int argc, char **argv)
{
  signal(SIGALRM, stop);
  signal(SIGABRT, stop);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback(say_current);
#endif
  for (int i = 1; i < argc; i++) run_path(argv[i]);
  printf("%s: %zu inputs\n", argv[0], inputs);
  return inputs > 0 ? 0 : 1;
}
