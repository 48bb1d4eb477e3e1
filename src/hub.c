#include "hub.h"

void fr_hub_init(fr_hub *h)
{
  h->writer.wanted = false;
  h->writer.current = false;
  h->recorder.wanted = false;
  h->recorder.current = false;
  h->running = false;
}

fr_status fr_hub_subscribe(fr_hub *h, fr_subscriber *s, fr_hub_action *action)
{
  *action = FR_HUB_NOTHING;
  if (s->wanted) return FR_ALREADY_ENABLED;
  s->wanted = true;
  *action = h->running ? FR_HUB_ADVANCE : FR_HUB_START;
  h->running = true;
  return FR_OK;
}

fr_status fr_hub_unsubscribe(fr_hub *h, fr_subscriber *s, fr_hub_action *action)
{
  *action = FR_HUB_NOTHING;
  if (!s->wanted) return FR_NOT_ENABLED;
  s->wanted = false;
  h->running = h->writer.wanted || h->recorder.wanted;
  *action = h->running ? FR_HUB_ADVANCE : FR_HUB_STOP;
  return FR_OK;
}

/* What a subscriber gets with a piece, and whether it gets the next one. */
/*@
  requires valid: \valid(s) && \valid(d) && \separated(s, d);
  requires bools: hb_bools(s) && 0 <= mark <= 1;
  terminates \true;
  exits \false;
  assigns s->current, *d;
  ensures border: mark ==> (s->current <==> s->wanted) &&
    hb_gets(d, \old(s->current), \old(s->current), hb_new{Pre}(s));
  ensures inside: !mark ==> s->current == \old(s->current) && hb_gets(d, s->current, 0, 0);
*/
static void deliver(fr_subscriber *s, bool mark, fr_delivery *d)
{
  d->data = s->current;
  d->end = s->current && mark;
  d->header = mark && s->wanted && !s->current;
  if (mark) s->current = s->wanted;
}

void fr_hub_header(fr_hub *h, fr_delivery *writer, fr_delivery *recorder)
{
  h->writer.current = false;
  h->recorder.current = false;
  deliver(&h->writer, true, writer);
  deliver(&h->recorder, true, recorder);
}

void fr_hub_data(fr_hub *h, bool mark, fr_delivery *writer, fr_delivery *recorder)
{
  deliver(&h->writer, mark, writer);
  deliver(&h->recorder, mark, recorder);
}
