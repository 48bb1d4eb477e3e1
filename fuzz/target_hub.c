/* hub: a trace writer and a recorder at one tracer, against the list of all that has happened.
 *
 * - Whoever gets a piece was subscribed at the last border before it, a border being the header or an end mark; nobody
 *   else gets it (M-2).
 * - What a subscriber gets begins with the header, and ends at a border: between are whole generations (M-2).
 * - At most one of each is subscribed; the tracer is started by the first, stopped when the last has left, and told to
 *   end its generation whenever somebody comes or goes while it runs (M-1, M-3). A refused call changes nothing.
 * - Word of a border comes to those who had the generation, and to them alone (M-4).
 *
 * Input: a program (program.h) without operands: subscribe, leave, header, piece, end mark. The operations of the tracer
 * come as they do from one: a header behind each start, nothing before it. */
#define FZ_TARGET "hub"
#include "check.h"
#include "hub.h"
#include "program.h"

enum { WRITER, RECORDER, SUBSCRIBERS };
enum { SUBSCRIBE, LEAVE, PIECE, MARK, OPERATIONS };
enum { MOST = 512 }; /* operations in one run */

/* What has happened, oldest first. */
typedef struct {
  bool border;                  /* the header or an end mark */
  bool header;                  /* the header */
  bool subscribed[SUBSCRIBERS]; /* who is, after it */
} event;

typedef struct {
  event list[MOST];
  size_t n;
} history;

/* Whether it was subscribed at the last border before event i; the tracer's stream begins with one. */
static bool had(const history *h, size_t i, int who)
{
  while (i > 0)
    if (h->list[--i].border) return h->list[i].subscribed[who];
  return false;
}

static void check_delivery(const history *h, int who, const fr_delivery *got)
{
  const event *const now = &h->list[h->n - 1];
  const bool before = !now->header && had(h, h->n - 1, who);
  const bool comes = now->border && now->subscribed[who] && !before;
  if (got->data != before) fz_fail("M-2", "subscriber %d, event %zu: data %d", who, h->n, got->data);
  if (got->end != (before && now->border)) fz_fail("M-4", "subscriber %d, event %zu: end %d", who, h->n, got->end);
  if (got->header != comes) fz_fail("M-2", "subscriber %d, event %zu: header %d", who, h->n, got->header);
}

/* Notes an event; nobody has come or gone with it. */
static event *note(history *h)
{
  const event *const last = h->n > 0 ? &h->list[h->n - 1] : NULL;
  event *const now = &h->list[h->n++];
  *now = (event){.border = false};
  for (int i = 0; i < SUBSCRIBERS; i++) now->subscribed[i] = last != NULL && last->subscribed[i];
  return now;
}

/* A piece of the stream, to whom it goes. */
static void deliver(fr_hub *hub, history *h, bool header, bool mark)
{
  fr_delivery writer = {true, true, true}, recorder = {true, true, true};
  event *const now = note(h);
  now->header = header;
  now->border = header || mark;
  if (header)
    fr_hub_header(hub, &writer, &recorder);
  else
    fr_hub_data(hub, mark, &writer, &recorder);
  check_delivery(h, WRITER, &writer);
  check_delivery(h, RECORDER, &recorder);
}

/* Somebody comes or goes. */
static void change(fr_hub *hub, history *h, int who, bool comes)
{
  event *const now = note(h);
  fr_subscriber *const s = who == WRITER ? &hub->writer : &hub->recorder;
  const bool other = now->subscribed[1 - who], was = now->subscribed[who];
  fr_hub_action action = FR_HUB_STOP;
  const fr_status status = comes ? fr_hub_subscribe(hub, s, &action) : fr_hub_unsubscribe(hub, s, &action);
  const fr_status want = was != comes ? FR_OK : comes ? FR_ALREADY_ENABLED : FR_NOT_ENABLED;
  const fr_hub_action alone = comes ? FR_HUB_START : FR_HUB_STOP;
  const fr_hub_action act = was == comes ? FR_HUB_NOTHING : other ? FR_HUB_ADVANCE : alone;
  if (status != want) fz_fail("M-1", "subscriber %d, event %zu: status %d", who, h->n, status);
  if (action != act) fz_fail("M-3", "subscriber %d, event %zu: action %d instead of %d", who, h->n, action, act);
  now->subscribed[who] = comes;
  if (action == FR_HUB_START) deliver(hub, h, true, false);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  fz_input in = {data, size};
  fz_operation op;
  fr_hub hub;
  history h;
  h.n = 0;
  fr_hub_init(&hub);
  (void)fz_byte(&in); /* head and number say nothing here */
  (void)fz_number(&in);
  while (h.n + 2 <= MOST && fz_next(&in, &op)) {
    const uint32_t what = op.operation % (2 * OPERATIONS);
    const int who = what >= OPERATIONS ? RECORDER : WRITER;
    switch (what % OPERATIONS) {
    case SUBSCRIBE:
    case LEAVE:
      change(&hub, &h, who, what % OPERATIONS == SUBSCRIBE);
      break;
    default: /* also after a stop: what the tracer still writes */
      deliver(&hub, &h, false, what % OPERATIONS == MARK);
    }
    if (hub.running != (h.list[h.n - 1].subscribed[WRITER] || h.list[h.n - 1].subscribed[RECORDER]))
      fz_fail("M-1", "event %zu: running %d", h.n, hub.running);
  }
  return 0;
}
