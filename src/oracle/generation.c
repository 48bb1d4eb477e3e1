#include "generation.h"
#include "frequency.h"

bool generation_takes(const generation *g, const trace_batch *b)
{
  if (g->ended) return false;
  return !g->begun || b->head.type == FR_END_OF_GENERATION || b->head.gen == g->number;
}

/* Adds an end mark. */
static bool add_end(generation *g, const trace *t, const trace_batch *b, fault *f)
{
  if (t->version < TRACE_END_MARKS_SINCE) {
    *f = fault_at("no batch begins here: an end mark, which traces before Go 1.26 do not have", "B-2", b->offset);
    return false;
  }
  if (!g->begun) {
    *f = fault_at("an end mark without a generation", "G-2", b->offset);
    return false;
  }
  g->ended = true;
  g->bytes += b->size;
  return true;
}

/* Looks for the frequency in a batch. */
static bool add_frequency(generation *g, const trace *t, const trace_batch *b, fault *f)
{
  uint64_t ticks_per_second = 0;
  size_t used = 0;
  uint64_t payload_offset = b->offset + (b->size - b->head.size);
  if (b->head.type != FR_EVENT_BATCH) return true;
  fr_status status = fr_frequency_get(b->payload, (size_t)b->head.size, t->version, &ticks_per_second, &used);
  if (status == FR_NO_FREQUENCY) return true;
  if (status != FR_OK) {
    *f = fault_of(status, payload_offset);
    return false;
  }
  if (used < b->head.size) {
    *f = fault_at("bytes follow the frequency in its batch", "B-10", payload_offset + used);
    return false;
  }
  if (g->ticks_per_second != 0) {
    *f = fault_at("a second frequency in one generation", "G-4", payload_offset);
    return false;
  }
  g->ticks_per_second = ticks_per_second;
  return true;
}

bool generation_add(generation *g, const trace *t, const trace_batch *b, fault *f)
{
  if (b->head.type == FR_END_OF_GENERATION) return add_end(g, t, b, f);
  if (!add_frequency(g, t, b, f)) return false;
  generation_count(g, b);
  return true;
}

void generation_count(generation *g, const trace_batch *b)
{
  const uint64_t time = b->head.time;
  if (!g->begun) {
    g->begun = true;
    g->number = b->head.gen;
    g->offset = b->offset;
  }
  g->batches++;
  g->bytes += b->size;
  if (time != 0 && (g->min_time == 0 || time < g->min_time)) g->min_time = time;
  if (time > g->max_time) g->max_time = time;
}
