#define _GNU_SOURCE
#include "tree.h"
#include "fault.h"
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDERS_OPEN 8 /* at once, while a tree is removed */

/* Tells why the folder could not be made. */
static bool refuse(const tree *t, int error)
{
  const fault f = fault_system(error);
  fault_print(t->path, &f);
  return false;
}

bool tree_open(tree *t, const char *path)
{
  size_t length = strlen(path);
  sigset_t all;
  *t = (tree){.path = path};
  while (length > 1 && path[length - 1] == '/') length--;
  if (asprintf(&t->temporary, "%.*s.XXXXXX", (int)length, path) < 0) return refuse(t, ENOMEM);
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, &t->before);
  if (mkdtemp(t->temporary) != NULL) return true;
  const int error = errno;
  sigprocmask(SIG_SETMASK, &t->before, NULL);
  free(t->temporary);
  return refuse(t, error);
}

/* Makes the folders that lead to a file. */
static bool make_folders(char *path, size_t from)
{
  for (char *slash = strchr(path + from, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    const bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
    *slash = '/';
    if (!made) return false;
  }
  return true;
}

bool tree_write(const tree *t, const char *name, const char *bytes, size_t len)
{
  char *path = NULL;
  if (asprintf(&path, "%s/%s", t->temporary, name) < 0) return refuse(t, ENOMEM);
  FILE *out = make_folders(path, strlen(t->temporary) + 1) ? fopen(path, "we") : NULL;
  bool good = out != NULL && fwrite(bytes, 1, len, out) == len;
  int error = errno;
  if (out != NULL && fclose(out) != 0) {
    if (good) error = errno;
    good = false;
  }
  free(path);
  return good || refuse(t, error);
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
  (void)about;
  (void)kind;
  (void)where;
  (void)remove(path);
  return 0;
}

bool tree_close(tree *t, bool good)
{
  const mode_t mask = umask(0);
  umask(mask);
  if (good && (chmod(t->temporary, 0777 & ~mask) != 0 || rename(t->temporary, t->path) != 0)) good = refuse(t, errno);
  if (!good) (void)nftw(t->temporary, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
  sigprocmask(SIG_SETMASK, &t->before, NULL);
  free(t->temporary);
  return good;
}
