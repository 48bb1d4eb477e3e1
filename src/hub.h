#ifndef FR_HUB_H
#define FR_HUB_H

/* hub: a trace writer and a flight recorder that listen to one tracer.
 *
 * There is at most one of each. The tracer runs as long as one of them is subscribed. Who subscribes while it runs gets
 * the header and then whole generations: what has changed takes effect at the next end mark, and to have one soon the
 * tracer is asked to end its generation. Likewise who leaves gets the generation to its end.
 *
 * The hub moves no bytes. It says what is to be done: to the tracer (fr_hub_action), and with each piece of the stream,
 * for either subscriber (fr_delivery). What it is told and what it answers is all that it knows.
 *
 * Limits: one call at a time, in the order in which things happen. */

#include "status.h"
#include <stdbool.h>

typedef struct {
  bool wanted;  /* it has subscribed */
  bool current; /* it gets the generation that is being written */
} fr_subscriber;

typedef struct {
  fr_subscriber writer, recorder;
  bool running; /* the tracer is */
} fr_hub;

/* What the tracer is to do next. */
typedef enum {
  FR_HUB_NOTHING,
  FR_HUB_START,  /* start */
  FR_HUB_STOP,   /* stop; what it still writes goes to those who had it */
  FR_HUB_ADVANCE /* end its generation */
} fr_hub_action;

/* What a subscriber gets with a piece of the stream, in this order. */
typedef struct {
  bool data;   /* the piece */
  bool end;    /* word that the generation is complete */
  bool header; /* the header, since it is new */
} fr_delivery;

#include "hub.acsl"

/* Nobody is subscribed, nothing runs. Rule M-1. */
/*@
  requires h_valid: \valid(h);
  terminates \true;
  exits \false;
  assigns *h;
  ensures sound: hb_ok(h);
  ensures nobody: !h->writer.wanted && !h->recorder.wanted && !h->running;
*/
void fr_hub_init(fr_hub *h);

/* s, one of the two of h, subscribes. *action: what the tracer is to do. Rules M-1, M-3.
 * FR_ALREADY_ENABLED: it had; nothing was changed. */
/*@
  requires h_valid: \valid(h) && hb_ok(h);
  requires s_of_h: s == &h->writer || s == &h->recorder;
  requires action_valid: \valid(action) && \separated(action, h);
  terminates \true;
  exits \false;
  assigns s->wanted, h->running, *action;
  ensures sound: hb_ok(h);
  behavior fresh:
    assumes fresh: !s->wanted;
    ensures status: \result == FR_OK;
    ensures wanted: s->wanted && h->running;
    ensures starts: *action == (\old(h->running) ? FR_HUB_ADVANCE : FR_HUB_START);
  behavior already:
    assumes already: s->wanted;
    ensures status: \result == FR_ALREADY_ENABLED;
    ensures same: s->wanted == \old(s->wanted) && h->running == \old(h->running);
    ensures nothing: *action == FR_HUB_NOTHING;
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_hub_subscribe(fr_hub *h, fr_subscriber *s, fr_hub_action *action);

/* s leaves; the same call takes a subscription back when the tracer has refused to start. *action: what the tracer is to
 * do. Rules M-1, M-3.
 * FR_NOT_ENABLED: it had not subscribed; nothing was changed, above all not the other one (erratum E21). */
/*@
  requires h_valid: \valid(h) && hb_ok(h);
  requires s_of_h: s == &h->writer || s == &h->recorder;
  requires action_valid: \valid(action) && \separated(action, h);
  terminates \true;
  exits \false;
  assigns s->wanted, h->running, *action;
  ensures sound: hb_ok(h);
  behavior leaves:
    assumes leaves: s->wanted;
    ensures status: \result == FR_OK;
    ensures not_wanted: !s->wanted;
    ensures runs_on: h->running <==> (h->writer.wanted || h->recorder.wanted);
    ensures stops: *action == (h->running ? FR_HUB_ADVANCE : FR_HUB_STOP);
  behavior absent:
    assumes absent: !s->wanted;
    ensures status: \result == FR_NOT_ENABLED;
    ensures same: s->wanted == \old(s->wanted) && h->running == \old(h->running);
    ensures nothing: *action == FR_HUB_NOTHING;
  complete behaviors;
  disjoint behaviors;
*/
fr_status fr_hub_unsubscribe(fr_hub *h, fr_subscriber *s, fr_hub_action *action);

/* The tracer has written its header: it is for all who are subscribed, and nobody gets anything else with it. Rule M-2. */
/*@
  requires h_valid: \valid(h) && hb_ok(h);
  requires out_valid: \valid(writer) && \valid(recorder) && \separated(writer, recorder, h);
  terminates \true;
  exits \false;
  assigns h->writer.current, h->recorder.current, *writer, *recorder;
  ensures sound: hb_ok(h);
  ensures writer_current: h->writer.current <==> h->writer.wanted;
  ensures recorder_current: h->recorder.current <==> h->recorder.wanted;
  ensures writer_gets: hb_gets(writer, 0, 0, h->writer.wanted);
  ensures recorder_gets: hb_gets(recorder, 0, 0, h->recorder.wanted);
*/
void fr_hub_header(fr_hub *h, fr_delivery *writer, fr_delivery *recorder);

/* The tracer has written a piece of its stream; `mark`: an end mark. It is for those who have the generation, and
 * the mark ends theirs, whether or not they could take it; then it is the turn of what has changed. Rules M-2, M-4. */
/*@
  requires h_valid: \valid(h) && hb_ok(h);
  requires out_valid: \valid(writer) && \valid(recorder) && \separated(writer, recorder, h);
  terminates \true;
  exits \false;
  assigns h->writer.current, h->recorder.current, *writer, *recorder;
  ensures sound: hb_ok(h);
  behavior border:
    assumes border: mark;
    ensures writer_current: h->writer.current <==> h->writer.wanted;
    ensures recorder_current: h->recorder.current <==> h->recorder.wanted;
    ensures writer_gets:
      hb_gets(writer, \old(h->writer.current), \old(h->writer.current), hb_new{Pre}(&h->writer));
    ensures recorder_gets:
      hb_gets(recorder, \old(h->recorder.current), \old(h->recorder.current), hb_new{Pre}(&h->recorder));
  behavior inside:
    assumes inside: !mark;
    ensures same_writer: h->writer.current == \old(h->writer.current);
    ensures same_recorder: h->recorder.current == \old(h->recorder.current);
    ensures writer_gets: hb_gets(writer, \old(h->writer.current), 0, 0);
    ensures recorder_gets: hb_gets(recorder, \old(h->recorder.current), 0, 0);
  complete behaviors;
  disjoint behaviors;
*/
void fr_hub_data(fr_hub *h, bool mark, fr_delivery *writer, fr_delivery *recorder);

#endif
