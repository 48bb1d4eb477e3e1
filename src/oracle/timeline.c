#define _GNU_SOURCE
#include "timeline.h"
#include "fault.h"
#include "output.h"
#include "quantity.h"
#include "value.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where things are, in pixels. */
#define WIDTH 1080
#define LEFT 170  /* of the plots */
#define RIGHT 680 /* their right end; words follow */
#define WORDS (RIGHT + 14)
#define TOP 92           /* of the first row */
#define ROW 24           /* from row to row */
#define BAR 14           /* height of a bar */
#define BYTES_HEIGHT 130 /* of the lower plot */
#define TICKS 6          /* at most, on the axis of time */

#define SIZE 12     /* of letters */
#define LETTER 0.56 /* width of one, of its size */
#define SECOND 1e9  /* ns */

#define RECORDED "#2f5d8c"
#define KEPT "#a9c8e6"
#define GONE "#b3261e"
#define LIMIT "#a15c00"
#define FAINT "#d8d8d8"
#define TEXT "#1c1c1c"

typedef struct {
  rotation_entry why;  /* as it was at the last rotation that looked at it */
  int64_t end;         /* ns, when it was completed */
  bool gone;           /* it was dropped, */
  int64_t gone_at;     /* then */
  uint64_t kept_bytes; /* by all that stayed when it was completed */
} row;

struct timeline {
  row rows[TIMELINE_ROWS];
  size_t n;
  uint64_t left_out; /* older rows */
  fr_limits limits;  /* at the last rotation */
};

/* What is drawn: from where to where, and to what scale. */
typedef struct {
  FILE *out;
  const timeline *t;
  double first, last; /* ns */
  double most;        /* bytes */
  int bottom;         /* of the rows */
} canvas;

timeline *timeline_open(void)
{
  return calloc(1, sizeof(timeline));
}

void timeline_add(timeline *t, const rotation *r)
{
  row add = {.why = r->entries[0], .end = r->now};
  size_t at = t->n;
  for (size_t i = 1; i < r->count && at > 0;
       i++) { /* those of the last rotation, newest first, are the last rows kept */
    row *old = &t->rows[--at];
    old->why = r->entries[i];
    old->gone = !r->entries[i].kept;
    old->gone_at = r->now;
  }
  for (size_t i = 0; i < r->count; i++)
    if (r->entries[i].kept) add.kept_bytes += r->entries[i].size;
  if (t->n == TIMELINE_ROWS) {
    memmove(t->rows, t->rows + 1, (TIMELINE_ROWS - 1) * sizeof t->rows[0]);
    t->left_out++;
    t->n--;
  }
  t->rows[t->n++] = add;
  t->limits = r->limits;
}

void timeline_forget(timeline *t)
{
  for (size_t i = 0; i < t->n; i++) {
    if (t->rows[i].gone) continue;
    t->rows[i].gone = true;
    t->rows[i].gone_at = t->rows[t->n - 1].end;
    t->rows[i].why.rule = "L-7";
  }
}

/* A text between tags, with what XML does not take replaced. */
static void put_text(FILE *out, const char *text)
{
  for (const char *c = text; *c != '\0'; c++) {
    const bool none = strncmp(c, "\xef\xbf\xbe", 3) == 0 || strncmp(c, "\xef\xbf\xbf", 3) == 0; /* no characters */
    if (none) c += 2;
    if (*c == '&')
      fputs("&amp;", out);
    else if (*c == '<')
      fputs("&lt;", out);
    else if (*c == '>')
      fputs("&gt;", out);
    else
      fputc(none || (unsigned char)*c < ' ' ? '?' : *c, out);
  }
}

/* The begin of a row's bar: its minimum time, if that is one. */
static double begin_of(const row *r)
{
  return (double)(r->why.min_time != 0 && r->why.min_time <= r->end ? r->why.min_time : r->end);
}

static double x_of(const canvas *c, double ns)
{
  const double x = LEFT + (RIGHT - LEFT) * (ns - c->first) / (c->last - c->first);
  return x < LEFT ? LEFT : x > RIGHT ? RIGHT : x;
}

static double y_of(const canvas *c, double bytes)
{
  return c->bottom + 44 + BYTES_HEIGHT * (1 - bytes / c->most);
}

/* A step of 1, 2 or 5 times a power of ten that goes into the range a few times. */
static double step_of(double range)
{
  double step = 1;
  while (range / step > TICKS) {
    if (range / (2 * step) <= TICKS) return 2 * step;
    if (range / (5 * step) <= TICKS) return 5 * step;
    step *= 10;
  }
  return step;
}

/* The axis of time, below both plots and through them. */
static void draw_axis(const canvas *c)
{
  const double step = step_of(c->last - c->first), y = y_of(c, 0);
  for (int i = 0; i * step <= c->last - c->first; i++) {
    const double at = i * step, x = x_of(c, c->first + at);
    char text[QUANTITY_SECONDS];
    quantity_seconds(text, at < 9e18 ? (int64_t)at : INT64_MAX);
    fprintf(c->out, "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"" FAINT "\"/>\n", x, TOP - 8, x,
            y + 4);
    fprintf(c->out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>\n", x, y + 18, text);
  }
}

/* A horizontal bar of a row; it can be seen, however short it is. */
static void draw_bar(const canvas *c, double from, double to, double y, const char *colour)
{
  double x = x_of(c, from), width = x_of(c, to) - x;
  if (width < 2) {
    x = x + width - 2;
    width = 2;
  }
  fprintf(c->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", x, y, width, BAR, colour);
}

/* Puts a text of this size where it has so many pixels: smaller, if it is long. */
static void draw_text(const canvas *c, double x, double y, const char *more, double size, double room, const char *text)
{
  const double width = LETTER * size * (double)strlen(text);
  if (width > room) size *= room / width;
  fprintf(c->out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\" %s>", x, y, size, more);
  put_text(c->out, text);
  fputs("</text>\n", c->out);
}

/* What became of a generation, in words. */
static void draw_fate(const canvas *c, const row *r, double y)
{
  char text[160];
  const double at = ((double)r->gone_at - c->first) / SECOND;
  if (!r->gone)
    snprintf(text, sizeof text, "kept to the end (%s)", r->why.rule);
  else if (strcmp(r->why.rule, "L-7") == 0)
    snprintf(text, sizeof text, "forgotten at %.7g s: stopped (L-7)", at);
  else if (r->why.beyond)
    snprintf(text, sizeof text, "dropped at %.7g s: older than one that goes (%s)", at, r->why.rule);
  else if (strcmp(r->why.rule, "P-2") == 0)
    snprintf(text, sizeof text, "dropped at %.7g s: newer ones have %" PRIu64 " B (P-2)", at, r->why.newer);
  else
    snprintf(text, sizeof text, "dropped at %.7g s: newer ones begin %.7g s ago (P-3)", at,
             (double)r->why.next_age / SECOND);
  draw_text(c, WORDS, y, r->gone ? "fill=\"" GONE "\"" : "", SIZE, WIDTH - WORDS - 6, text);
}

/* A generation: its name, when it was recorded and kept, and what became of it. */
static void draw_row(const canvas *c, size_t i)
{
  const row *r = &c->t->rows[i];
  const double y = TOP + ROW * (double)i, end = r->gone ? (double)r->gone_at : c->last;
  char name[64];
  snprintf(name, sizeof name, "generation %" PRIu64 ", %" PRIu64 " B", r->why.gen, r->why.size);
  draw_text(c, LEFT - 10, y + 12, "text-anchor=\"end\"", SIZE, LEFT - 14, name);
  draw_bar(c, (double)r->end, end, y, KEPT);
  draw_bar(c, begin_of(r), (double)r->end, y, RECORDED);
  draw_fate(c, r, y + 12);
  if (!r->gone) return;
  fprintf(c->out, "<path d=\"M%.1f %.1fl8 8m0 -8l-8 8\" stroke=\"" GONE "\" stroke-width=\"2\" fill=\"none\"/>\n",
          x_of(c, end) - 4, y + 3);
}

/* The limit of age as it was at the last rotation: what is wholly on the left of it may go. */
static void draw_age(const canvas *c)
{
  char age[QUANTITY_SECONDS];
  const double at = c->last - (double)c->t->limits.min_age;
  quantity_seconds(age, c->t->limits.min_age);
  if (at < c->first || at > c->last) {
    fprintf(c->out, "<text x=\"%d\" y=\"%d\" fill=\"" LIMIT "\">min_age %s is longer than all this</text>\n", LEFT,
            TOP - 14, age);
    return;
  }
  const double x = x_of(c, at);
  fprintf(c->out,
          "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"" LIMIT
          "\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\"/>\n",
          x, TOP - 10, x, c->bottom);
  fprintf(c->out, "<text x=\"%.1f\" y=\"%d\" fill=\"" LIMIT "\" text-anchor=\"%s\">min_age %s before the end</text>\n",
          x, TOP - 14, x > (LEFT + RIGHT) / 2.0 ? "end" : "start", age);
}

/* The bytes kept after each rotation, and their limit. */
static void draw_bytes(const canvas *c)
{
  const timeline *t = c->t;
  const double limit = (double)t->limits.max_bytes;
  fprintf(c->out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">bytes kept</text>\n", LEFT - 10,
          y_of(c, c->most) + 10);
  fprintf(c->out, "<path d=\"M%.1f %.1f", x_of(c, (double)t->rows[0].end), y_of(c, 0));
  for (size_t i = 0; i < t->n; i++)
    fprintf(c->out, "H%.1fV%.1f", x_of(c, (double)t->rows[i].end), y_of(c, (double)t->rows[i].kept_bytes));
  fprintf(c->out, "H%dV%.1fZ\" fill=\"" KEPT "\" stroke=\"" RECORDED "\"/>\n", RIGHT, y_of(c, 0));
  if (limit < 0 || limit > c->most) {
    fprintf(c->out, "<text x=\"%d\" y=\"%.1f\" fill=\"" LIMIT "\">max_bytes %" PRId64 " is %s</text>\n", LEFT,
            y_of(c, c->most) - 8, t->limits.max_bytes, limit < 0 ? "below 0" : "far above");
    return;
  }
  fprintf(c->out,
          "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"" LIMIT
          "\" stroke-width=\"1.5\" stroke-dasharray=\"6 3\"/>\n",
          LEFT, y_of(c, limit), RIGHT, y_of(c, limit));
  fprintf(c->out, "<text x=\"%d\" y=\"%.1f\" fill=\"" LIMIT "\">max_bytes %" PRId64 "</text>\n", WORDS,
          y_of(c, limit) - 2, t->limits.max_bytes);
}

/* What the colours mean. */
static void draw_legend(const canvas *c)
{
  static const struct {
    const char *colour, *text;
  } entries[] = {{RECORDED, "recorded"}, {KEPT, "kept"}, {GONE, "dropped"}, {LIMIT, "limit"}};
  for (int i = 0; i < 4; i++) {
    fprintf(c->out, "<rect x=\"%d\" y=\"44\" width=\"12\" height=\"12\" fill=\"%s\"/>\n", LEFT + 100 * i,
            entries[i].colour);
    fprintf(c->out, "<text x=\"%d\" y=\"54\">%s</text>\n", LEFT + 100 * i + 18, entries[i].text);
  }
  if (c->t->left_out > 0)
    fprintf(c->out, "<text x=\"%d\" y=\"54\">%" PRIu64 " older generations are left out</text>\n", LEFT + 410,
            c->t->left_out);
}

/* Finds the scales. */
static void measure(canvas *c)
{
  const timeline *t = c->t;
  for (size_t i = 0; i < t->n; i++) {
    const row *r = &t->rows[i];
    if (i == 0 || begin_of(r) < c->first) c->first = begin_of(r);
    if (i == 0 || (double)r->end > c->last) c->last = (double)r->end;
    if ((double)r->kept_bytes > c->most) c->most = (double)r->kept_bytes;
  }
  const double limit = (double)t->limits.max_bytes;
  if (c->last <= c->first) c->last = c->first + 1e3; /* a microsecond, at the least */
  if (c->most < 1) c->most = 1;
  if (limit > c->most && limit <= 4 * c->most) c->most = limit;
  c->bottom = TOP + ROW * (int)t->n;
}

/* The rows, the plot below, and words on both. */
static void draw(const canvas *c)
{
  const timeline *t = c->t;
  char age[QUANTITY_SECONDS];
  quantity_seconds(age, t->limits.min_age);
  draw_legend(c);
  draw_axis(c);
  for (size_t i = 0; i < t->n; i++) draw_row(c, i);
  draw_age(c);
  draw_bytes(c);
  fprintf(c->out,
          "<text x=\"%d\" y=\"%.1f\">%" PRIu64 " bytes are kept at the end; the limits are %" PRId64
          " bytes and %s, which one generation may cross.</text>\n",
          LEFT, y_of(c, 0) + 42, t->rows[t->n - 1].kept_bytes, t->limits.max_bytes, age);
}

/* The whole picture. */
static void draw_all(const timeline *t, FILE *out, const char *path)
{
  const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
  canvas c = {.out = out, .t = t};
  measure(&c);
  const int height = t->n == 0 ? TOP + ROW : (int)y_of(&c, 0) + 60;
  fprintf(out,
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
          "font-family=\"sans-serif\" font-size=\"%d\" fill=\"" TEXT "\">\n<title>Generations of ",
          WIDTH, height, WIDTH, height, SIZE);
  put_text(out, name);
  fputs("</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n", out);
  draw_text(&c, 20, 26, "font-weight=\"bold\"", 16, WIDTH - 40, name);
  if (t->n > 0)
    draw(&c);
  else
    fprintf(out, "<text x=\"20\" y=\"%d\">No generation is completed.</text>\n", TOP);
  fputs("</svg>\n", out);
}

bool timeline_write(const timeline *t, const char *name, const char *path)
{
  char *text = NULL;
  size_t size = 0;
  json_t *valid = value_text(name);
  FILE *out = valid == NULL ? NULL : open_memstream(&text, &size);
  if (out != NULL) draw_all(t, out, json_string_value(valid));
  json_decref(valid);
  if (out == NULL || fclose(out) != 0) {
    complain("out of memory");
    free(text);
    return false;
  }
  const fr_segment picture = {(const uint8_t *)text, size};
  const bool good = output_write(path, &picture, 1);
  free(text);
  return good;
}

void timeline_close(timeline *t)
{
  free(t);
}
