#include "hub.h"
#include "unit.h"

/* Everything that can happen to a hub, one letter each. */
typedef struct {
  fr_hub hub;
  fr_delivery writer, recorder;
  fr_hub_action action;
  fr_status status;
} state;

/* w/r: writer or recorder subscribes; W/R: leaves; h: header; d: data; m: an end mark. */
static void step(state *s, char what)
{
  s->status = FR_OK;
  s->action = FR_HUB_NOTHING;
  switch (what) {
  case 'w':
    s->status = fr_hub_subscribe(&s->hub, &s->hub.writer, &s->action);
    break;
  case 'r':
    s->status = fr_hub_subscribe(&s->hub, &s->hub.recorder, &s->action);
    break;
  case 'W':
    s->status = fr_hub_unsubscribe(&s->hub, &s->hub.writer, &s->action);
    break;
  case 'R':
    s->status = fr_hub_unsubscribe(&s->hub, &s->hub.recorder, &s->action);
    break;
  case 'h':
    fr_hub_header(&s->hub, &s->writer, &s->recorder);
    break;
  default:
    fr_hub_data(&s->hub, what == 'm', &s->writer, &s->recorder);
  }
}

static state after(const char *steps)
{
  state s = {0};
  fr_hub_init(&s.hub);
  for (; *steps != '\0'; steps++) step(&s, *steps);
  return s;
}

/* A delivery as text: d, e, h. */
static void gets(const char *steps, const char *writer, const char *recorder)
{
  const state s = after(steps);
  const fr_delivery *d[2] = {&s.writer, &s.recorder};
  const char *want[2] = {writer, recorder};
  for (int i = 0; i < 2; i++) {
    assert_int_equal(d[i]->data, strchr(want[i], 'd') != NULL);
    assert_int_equal(d[i]->end, strchr(want[i], 'e') != NULL);
    assert_int_equal(d[i]->header, strchr(want[i], 'h') != NULL);
  }
}

static void asks(const char *steps, fr_status status, fr_hub_action action)
{
  const state s = after(steps);
  assert_int_equal(s.status, status);
  assert_int_equal(s.action, action);
}

static void test_tracer(void **unused)
{
  (void)unused;
  asks("w", FR_OK, FR_HUB_START);
  asks("r", FR_OK, FR_HUB_START);
  asks("ww", FR_ALREADY_ENABLED, FR_HUB_NOTHING);
  asks("wr", FR_OK, FR_HUB_ADVANCE);
  asks("wrW", FR_OK, FR_HUB_ADVANCE);
  asks("wrWR", FR_OK, FR_HUB_STOP);
  asks("rR", FR_OK, FR_HUB_STOP);
  asks("rW", FR_NOT_ENABLED, FR_HUB_NOTHING);
  asks("rWR", FR_OK, FR_HUB_STOP); /* E21: the stop of a writer that is not there does not count */
  asks("rRr", FR_OK, FR_HUB_START);
}

static void test_delivery(void **unused)
{
  (void)unused;
  gets("wh", "h", "");
  gets("wrh", "h", "h");
  gets("whd", "d", "");
  gets("whrd", "d", "");   /* not in the middle of a generation */
  gets("whrm", "de", "h"); /* its header first */
  gets("whrmd", "d", "d"); /* then whole generations */
  gets("whrmm", "de", "de");
  gets("wrhWd", "d", "d"); /* who leaves gets the generation to its end */
  gets("wrhWm", "de", "de");
  gets("wrhWmd", "", "d");
  gets("wrhWwm", "de", "de"); /* away and back within a generation: nothing has happened */
  gets("rhRd", "", "d");
  gets("rhRm", "", "de");
  gets("rhRmd", "", "");
}

/* Whatever happens, the tracer runs exactly while somebody is subscribed, and who gets data has got a header before. */
static void test_sequences(void **unused)
{
  (void)unused;
  static const char letters[] = "wrWRdm";
  for (uint32_t number = 0; number < 6 * 6 * 6 * 6 * 6 * 6; number++) {
    state s = {0};
    bool header[2] = {false, false};
    fr_hub_init(&s.hub);
    uint32_t rest = number;
    for (int i = 0; i < 6; i++, rest /= 6) {
      s.writer = s.recorder = (fr_delivery){0};
      step(&s, letters[rest % 6]);
      if (s.action == FR_HUB_START) step(&s, 'h');
      assert_int_equal(s.hub.running, s.hub.writer.wanted || s.hub.recorder.wanted);
      const fr_delivery *d[2] = {&s.writer, &s.recorder};
      for (int k = 0; k < 2; k++) {
        assert_true(!d[k]->data || header[k]);
        assert_true(!d[k]->end || d[k]->data);
        header[k] = header[k] || d[k]->header;
      }
    }
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tracer),
    cmocka_unit_test(test_delivery),
    cmocka_unit_test(test_sequences),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
