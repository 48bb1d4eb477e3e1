/* original: the locks of exp-write and exp-eog, together with those of the Go runtime that they meet. It shows that the
 * errata E2, E17 and E20 follow from the locking alone, and that nothing else gets stuck.
 *
 * What is modelled, each lock under the name that it has there:
 *   ring_mu   the recorder's, around the rotation, and around the taking of the ring by a snapshot
 *   writing   the recorder's, one snapshot at a time; it is only ever tried
 *   tracing   of runtime/trace, around the start and the stop of the tracer
 *   advance   the runtime's semaphore: one advance to the next generation at a time. Who advances waits, holding it,
 *             until the reader goroutine has taken in the generation (reader_done).
 * The reader goroutine takes batches from the stream and hands each to the recorder. The program itself fills buffers
 * at any time. Left out: the contents of batches, the limits, the goroutine that advances once a second (a snapshot's
 * flush advances too).
 *
 *   -DBAD_BATCH       a batch may be malformed: an error, and the recorder stops the tracer from inside the reader
 *   -DNO_FREQUENCY    a generation may be without a frequency: the rotation is an error that leaves ring_mu locked
 *   -DOFFLINE         no tracer: starting, stopping and flushing it return at once, a test writes the batches
 *   -DAFTER_RESTART   snapshots are taken only when the recorder was stopped and started after that error
 *   -DTAKERS=0        no snapshots
 *   -DNOT_EMPTY       claim: a snapshot that comes to ok has at least the generation that was flushed for it
 *   -DNO_STOP         nobody calls stop
 */

#ifndef TAKERS
#define TAKERS 2
#endif
#ifndef ROUNDS
#define ROUNDS 2 /* calls that each thread makes */
#endif
#ifndef BATCHES
#define BATCHES 2 /* buffers that the program fills by itself; offline: batches that the test writes */
#endif

mtype = { batch, bad_batch, end_of_generation };

bool ring_mu, writing, tracing, advance;

/* The recorder: `enabled`, a plain variable there; the active generation: not empty, its number (mod 2), its frequency
 * is known; the ring is not empty. */
bool started, current, current_freq, ring;
bit current_gen;

/* The runtime: it traces; the reader's word that it is done; the generation's number (mod 2); what is not yet read. */
bool traced, reader_done;
bit generation;
chan stream = [8] of { mtype, bit };

/* For AFTER_RESTART: 1 after a rotation without a frequency, 2 after a stop since, 3 after a start since. */
byte since_error;

#define lock(mutex) atomic { !mutex -> mutex = true }
#define unlock(mutex) mutex = false

/* The runtime, and runtime/trace. */

inline advance_generation(goes_on)
{
#ifndef OFFLINE
  lock(advance);
  if
  :: !traced -> unlock(advance)
  :: else ->
    atomic {
      stream ! batch, generation;
      stream ! end_of_generation, 0;
      generation = 1 - generation;
      traced = goes_on
    };
    atomic { reader_done -> reader_done = false }; /* the reader is done */
    unlock(advance)
  fi
#else
  skip
#endif
}

inline trace_start()
{
#ifndef OFFLINE
  lock(tracing);
  atomic { if :: traced -> failed = true :: else -> traced = true; failed = false fi };
  unlock(tracing)
#else
  failed = false
#endif
}

inline trace_stop()
{
#ifndef OFFLINE
  lock(tracing);
  advance_generation(false);
  unlock(tracing)
#else
  skip
#endif
}

/* The recorder. */

inline write_error()
{
  trace_stop() /* from inside the reader */
}

inline write(gen)
{
  if
  :: current && current_gen != gen ->
    lock(ring_mu);
    if
    :: current_freq -> ring = true; unlock(ring_mu); current = false; accepted = true
#ifdef NO_FREQUENCY
    :: else -> accepted = false; since_error = 1 /* returns without unlock(ring_mu) */
#endif
    fi
  :: else -> accepted = true
  fi;
  if
  :: accepted ->
    atomic {
      if :: !current -> current = true; current_gen = gen; current_freq = false :: else fi;
      if
      :: current_freq = true
#ifdef NO_FREQUENCY
      :: skip
#endif
      fi
    }
#ifdef NO_FREQUENCY
  :: else -> write_error()
#endif
  fi
}

inline recorder_start()
{
  if
  :: started
  :: else ->
    trace_start();
    atomic {
      if :: failed :: else -> started = true; if :: since_error == 2 -> since_error = 3 :: else fi fi;
      failed = false
    }
  fi
}

inline recorder_stop()
{
  if
  :: !started
  :: else ->
    started = false;
    trace_stop();
    atomic { current = false; ring = false; if :: since_error == 1 -> since_error = 2 :: else fi }
  fi
}

inline recorder_snapshot()
{
  if
  :: !started
  :: else ->
    atomic { if :: !writing -> writing = true; taken = true :: else -> taken = false fi };
    if
    :: !taken /* already in progress */
    :: else ->
      advance_generation(true);
      advance_generation(true);
      lock(ring_mu);
#ifdef NOT_EMPTY
      assert(ring);
#endif
      unlock(ring_mu);
      unlock(writing)
    fi;
    taken = false
  fi
}

/* The goroutines. */

active [2] proctype Lifecycle()
{
  byte round;
  bool failed;
  do
  :: round < ROUNDS -> round++;
    if
    :: true -> recorder_start()
#ifndef NO_STOP
    :: true -> recorder_stop()
#endif
    fi
  :: else -> break
  od
}

#if TAKERS
active [TAKERS] proctype Taker()
{
  byte round;
  bool taken;
#ifdef AFTER_RESTART
end:
  since_error == 3;
#endif
  do
  :: round < ROUNDS -> round++; recorder_snapshot()
  :: else -> break
  od
}
#endif

#ifdef OFFLINE
active proctype Reader()
{
  byte batches;
  bool accepted;
  do
  :: batches < BATCHES -> batches++; atomic { if :: generation = 1 - generation :: skip fi }; write(generation)
  :: else -> break
  od
}
#else
active proctype Reader()
{
  bool accepted;
  bit gen;
end:
  do
  :: stream ? batch, gen -> write(gen); atomic { gen = 0; accepted = false }
  :: stream ? end_of_generation, gen -> reader_done = true
#ifdef BAD_BATCH
  :: stream ? bad_batch, gen -> write_error()
#endif
  od
}

active proctype Program()
{
  byte batches;
end:
  do
  :: atomic { traced && batches < BATCHES -> batches++; stream ! batch, generation }
#ifdef BAD_BATCH
  :: atomic { traced && batches < BATCHES -> batches++; stream ! bad_batch, generation }
#endif
  od
}
#endif
