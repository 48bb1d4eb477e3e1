/* shared: the locking of src/shared.c, step by step, with its names: the mutex `state`, the condition `change`, the
 * flags on, changing and snapshotting. Two threads start and stop, two take snapshots, one asks, and a tracer with a
 * thread of its own writes. What foreign code may do is left open: start may refuse, start and flush may write from
 * within the call or leave it to the tracer's thread, stop waits for the tracer's write to return, a write and the sink
 * may fail, a wait may end without a reason.
 *
 * Shown for every interleaving: no thread is stuck at the end (pan's invalid end states), and the assertions:
 *   held      the recorder and the flags are touched only by the holder of `state`
 *   free      foreign code is called only by a thread that does not hold `state`
 *   alone     the tracer's start, stop and flush never overlap
 *   idle      where a stop finds nothing to stop, the recorder is not running
 *   single    one snapshot at a time; busy is said only while there is one
 *   waited    neither the tracer nor the recorder is stopped during a snapshot
 *   whole     the pieces of a snapshot are of one moment: no change of the recorder during or between them
 *   fresh     what a flush wrote is in the recorder before the pieces are copied
 *   answered  a snapshot comes to ok, busy, not_enabled or its sink's error; to ok only with a running recorder's bytes
 * With -DNP (pan -l) also that every execution ends: no thread goes round for ever.
 *
 * What the holder of `state` does between taking it and letting it go is one step here where it touches only what
 * `held` guards, since nobody can see the middle. Changes of the recorder are two steps and a copy is three, so that a
 * missing lock shows. Variables are cleared when they are no longer needed, which only saves states.
 *
 * Each BROKEN_... changes one step; `run` expects that to be noticed, and knows the property by its expression. */

#ifndef ROUNDS
#define ROUNDS 2 /* calls that each thread makes */
#endif
#ifndef TAKERS
#define TAKERS 2 /* threads that take snapshots */
#endif
#ifndef WRITES
#define WRITES 2 /* writes that the tracer's thread makes unasked */
#endif
#ifndef FLUSHES
#define FLUSHES 1 /* of a snapshot */
#endif

#define NOBODY 255

mtype = { ok, busy, not_enabled, already_enabled, refused, sink_failed };

/* fr_shared */
byte state = NOBODY; /* who holds the mutex */
byte change = 0;     /* who sleeps on the condition: bit i is process i */
bool on, changing, snapshotting;

/* The recorder: its enabled and error; ghosts: in the middle of a change, and changed since the copy began. */
bool rec_on, rec_error, rec_mid, rec_touched;

/* The tracer: runs, its thread is asked to write, its thread is in a write. */
bool tracer_on, tracer_asked, tracer_writing;

/* Ghosts: calls of start, stop and flush under way; snapshots under way; a write since the flush began. */
byte tracer_calls, snapshots;
bool fresh;

/* pthread_mutex_t, pthread_cond_t. For use inside an atomic sequence, which ends where it has to wait. */

#define held assert(state == _pid)
#define free assert(state != _pid)
#define lock state == NOBODY -> state = _pid
#define unlock held; state = NOBODY
#define wait held; change = change | (1 << _pid); state = NOBODY; \
  (change & (1 << _pid)) == 0 && state == NOBODY -> state = _pid
#define broadcast held; change = 0

/* The recorder. A change takes two steps; the lock has to keep others from seeing the middle. */

#define change_begins held; rec_mid = true; rec_touched = snapshots > 0
#define change_ends held; rec_mid = false; rec_touched = snapshots > 0

inline recorder_start()
{
  atomic { change_begins };
  atomic { change_ends; rec_on = true; rec_error = false }
}

/* Also when the tracer has refused: fr_recorder_refuse. */
inline recorder_stop()
{
  atomic { assert(snapshots == 0 /* waited */); change_begins };
  atomic { change_ends; rec_on = false }
}

/* The tracer. */

#define enter_tracer free; assert(tracer_calls == 0 /* alone */); tracer_calls++
#define leave_tracer tracer_calls--

inline tracer_start()
{
  atomic { enter_tracer };
  if
  :: status = refused
  :: shared_write(); atomic { tracer_on = true; status = ok }
  :: atomic { tracer_on = true; status = ok }
  fi;
  leave_tracer
}

inline tracer_stop()
{
  atomic { enter_tracer; assert(snapshots == 0 /* waited */); tracer_on = false };
  atomic { !tracer_writing -> leave_tracer } /* its last write has returned */
}

inline tracer_flush()
{
  atomic { enter_tracer; assert(tracer_on /* waited */); fresh = false };
  if
  :: shared_write()
  :: tracer_asked = true; !tracer_asked
  fi;
  leave_tracer
}

/* src/shared.c */

/* With state held, which is let go while waiting. */
inline await_change()
{
#ifdef BROKEN_single_look
  if :: changing -> wait :: else fi
#else
  do :: changing -> wait :: else -> break od
#endif
}

/* With state held, which it lets go. */
inline end_change(now)
{
  atomic { held; on = now; changing = false; broadcast; unlock }
}

inline shared_start()
{
  atomic {
    lock;
    await_change();
    held;
    if :: rec_on -> status = already_enabled; unlock :: else -> status = ok fi
  };
  if
  :: status == already_enabled
  :: else ->
    recorder_start();
#ifdef BROKEN_early_end
    end_change(true);
    tracer_start()
#else
    atomic { held; changing = true; unlock };

    tracer_start();

    atomic { lock };
    if :: status == refused -> recorder_stop() :: else fi;
    end_change(status == ok)
#endif
  fi
}

inline shared_stop()
{
  atomic {
    lock;
    await_change();
    held;
    if
    :: !on -> assert(!rec_on /* idle */); status = not_enabled; unlock
    :: else -> changing = true; on = false; status = ok
    fi
  };
  if
  :: status == not_enabled
  :: else ->
#ifdef BROKEN_busy_waiting
    do :: atomic { snapshotting -> unlock }; atomic { lock } :: else -> break od;
    atomic { unlock };
#else
    atomic {
#ifndef BROKEN_stop_does_not_wait
      do :: snapshotting -> wait :: else -> break od;
#endif
#ifndef BROKEN_stop_under_lock
      unlock
#endif
    };
#endif

    tracer_stop();

#ifndef BROKEN_stop_under_lock
    atomic { lock };
#endif
    recorder_stop();
    end_change(false)
  fi
}

inline shared_enabled()
{
#ifdef BROKEN_enabled_unlocked
  atomic { held; status = (on -> ok : not_enabled) }
#else
  atomic { lock; held; status = (on -> ok : not_enabled); unlock }
#endif
}

inline shared_write()
{
  atomic { free /* tracer.clock */; lock; change_begins };
  atomic {
    change_ends;
    fresh = snapshots > 0;
    if :: failed = false :: failed = true fi;
    rec_error = rec_error || failed;
    unlock
#ifndef BROKEN_write_stops
    ; failed = false
#endif
  }
#ifdef BROKEN_write_stops
  ;
  if
  :: failed -> tracer_on = false; /* what a tracer's stop does */
    !tracer_writing /* E17 */
  :: else
  fi
#endif
}

inline begin_snapshot()
{
  atomic {
    lock;
    held;
    if
    :: !on -> status = not_enabled
#ifndef BROKEN_two_snapshots
    :: on && snapshotting -> assert(snapshots == 1 /* single */); status = busy
#endif
    :: else -> snapshotting = true; assert(snapshots < 1 /* single */); snapshots++; status = ok
    fi;
    unlock
  }
}

inline end_snapshot()
{
  atomic {
    lock;
    held;
    snapshotting = false;
#ifndef BROKEN_no_broadcast
    broadcast;
#endif
    unlock;
    snapshots--; fresh = false; rec_touched = false
  }
}

/* The header and the two pieces of the arena, one after another. */
#define first_piece assert(fresh); assert(rec_on /* answered */); assert(!rec_mid /* whole */); rec_touched = false
#define next_piece assert(!rec_mid && !rec_touched /* whole */)

inline shared_snapshot()
{
  begin_snapshot();
  if
  :: status != ok
  :: else ->
#ifndef BROKEN_no_flush
    do
    :: i < FLUSHES ->
#ifdef BROKEN_flush_under_lock
      atomic { lock }; tracer_flush(); atomic { unlock };
#else
      tracer_flush();
#endif
      i++
    :: else -> i = 0; break
    od;
#endif
#ifdef BROKEN_copy_unlocked
    atomic { first_piece }; next_piece; next_piece;
#else
    atomic { lock; held; first_piece };
    next_piece;
    atomic { next_piece; unlock };
#endif
    atomic { free; if :: status = ok :: status = sink_failed fi }; /* the sink */
    end_snapshot()
  fi
}

/* The threads. */

active [2] proctype Lifecycle()
{
  mtype status;
  byte round;
  bool failed;
  do
  :: round < ROUNDS -> round++;
    if
    :: shared_start()
    :: shared_stop()
    fi;
    status = 0
  :: else -> break
  od
}

#if TAKERS
active [TAKERS] proctype Taker()
{
  mtype status;
  byte round, i;
  bool failed;
  do
  :: round < ROUNDS -> round++;
    shared_snapshot();
    if /* answered: each of the four does occur, or pan lists it as unreached */
    :: status == ok -> status = 0
    :: status == busy -> status = 0
    :: status == not_enabled -> status = 0
    :: status == sink_failed -> status = 0
    fi
  :: else -> break
  od
}
#endif

active proctype Asker()
{
  mtype status;
  shared_enabled()
}

/* The tracer's own thread. */
active proctype Tracer()
{
  byte writes;
  bool failed;
end:
  do
  :: atomic { tracer_asked -> tracer_writing = true };
    shared_write();
    atomic { tracer_writing = false; tracer_asked = false }
  :: atomic { tracer_on && writes < WRITES -> tracer_writing = true; writes++ };
    shared_write();
    tracer_writing = false
  od
}

/* A wait may end without a reason. */
active proctype Spurious()
{
end:
  atomic { change != 0 -> change = 0 }
}
