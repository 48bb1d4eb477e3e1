#include "quantity.h"
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  const char *name;
  uint64_t times;
} unit;

static const unit size_units[] = {
  {"", 1},
  {"k", UINT64_C(1) << 10},
  {"K", UINT64_C(1) << 10},
  {"KiB", UINT64_C(1) << 10},
  {"kiB", UINT64_C(1) << 10},
  {"M", UINT64_C(1) << 20},
  {"MiB", UINT64_C(1) << 20},
  {"G", UINT64_C(1) << 30},
  {"GiB", UINT64_C(1) << 30},
};

static const unit time_units[] = {
  {"ns", 1},
  {"us", 1000},
  {"\u00b5s", 1000},
  {"\u03bcs", 1000},
  {"ms", 1000000},
  {"s", 1000000000},
  {"m", UINT64_C(60000000000)},
  {"h", UINT64_C(3600000000000)},
};

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Adds a * b to *sum. False: that is more than limit; *sum is then as before. */
static bool add_product(uint64_t *sum, uint64_t a, uint64_t b, uint64_t limit)
{
  if (b != 0 && a > (limit - *sum) / b) return false;
  *sum += a * b;
  return true;
}

/* Reads digits, of which there may be none. */
static bool read_digits(const char **text, uint64_t *value)
{
  *value = 0;
  for (; is_digit(**text); (*text)++) {
    uint64_t ten_times = 0;
    if (!add_product(&ten_times, *value, 10, UINT64_MAX)) return false;
    if (!add_product(&ten_times, (uint64_t)(**text - '0'), 1, UINT64_MAX)) return false;
    *value = ten_times;
  }
  return true;
}

/* The unit whose name is name[0 .. length - 1]; NULL: there is none. */
static const unit *find_unit(const unit *units, size_t count, const char *name, size_t length)
{
  for (size_t i = 0; i < count; i++)
    if (strlen(units[i].name) == length && memcmp(units[i].name, name, length) == 0) return &units[i];
  return NULL;
}

bool quantity_bytes(const char *text, uint64_t *bytes)
{
  uint64_t number, result = 0;
  if (!is_digit(*text) || !read_digits(&text, &number)) return false;
  const unit *u = find_unit(size_units, sizeof size_units / sizeof size_units[0], text, strlen(text));
  if (u == NULL || !add_product(&result, number, u->times, UINT64_MAX)) return false;
  *bytes = result;
  return true;
}

/* Reads one number with its unit and adds it to *sum. */
static bool add_part(const char **text, uint64_t *sum)
{
  uint64_t whole;
  const char *begin = *text;
  if (!read_digits(text, &whole)) return false;
  const char *fraction = *text, *fraction_end = *text;
  if (**text == '.') {
    fraction = ++*text;
    while (is_digit(**text)) (*text)++;
    fraction_end = *text;
  }
  if (fraction_end - begin - (fraction > begin && fraction[-1] == '.') < 1) return false; /* no digit at all */
  size_t length = strcspn(*text, "0123456789.");
  const unit *u = find_unit(time_units, sizeof time_units / sizeof time_units[0], *text, length);
  if (u == NULL || !add_product(sum, whole, u->times, INT64_MAX)) return false;
  *text += length;
  for (uint64_t worth = u->times / 10; fraction < fraction_end; fraction++, worth /= 10)
    if (!add_product(sum, (uint64_t)(*fraction - '0'), worth, INT64_MAX)) return false;
  return true;
}

bool quantity_duration(const char *text, int64_t *ns)
{
  uint64_t sum = 0;
  if (strcmp(text, "0") == 0) {
    *ns = 0;
    return true;
  }
  do {
    if (!add_part(&text, &sum)) return false;
  } while (*text != '\0');
  *ns = (int64_t)sum;
  return true;
}

void quantity_seconds(char text[QUANTITY_SECONDS], int64_t ns)
{
  const uint64_t size = ns < 0 ? UINT64_MAX - (uint64_t)ns + 1 : (uint64_t)ns;
  int length = snprintf(text, QUANTITY_SECONDS, "%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "", size / 1000000000,
                        size % 1000000000);
  while (text[length - 1] == '0') length--;
  if (text[length - 1] == '.') length--;
  snprintf(text + length, QUANTITY_SECONDS - (size_t)length, " s");
}
