// A flight recorder that keeps the rules of spec/rules.md, the system `strict`. It was written from spec/*.md alone.

export type Status =
  | "ok" | "already_enabled" | "not_enabled" | "tracer_refused" | "busy" | "sink" | "short_header" | "bad_header"
  | "bad_version" | "bad_type" | "truncated" | "overflow" | "bad_size" | "bad_end_mark" | "bad_frequency" | "trailing"
  | "no_frequency" | "bad_generation";

export interface Limits { maxBytes: bigint; minAge: bigint } // bytes, nanoseconds

const HEADER_SIZE = 16;
const LARGEST_PAYLOAD = 65536n;
const GREATEST_TIME = 2n ** 63n - 1n;
const BATCH = 1, FREQUENCY = 8, EXPERIMENT = 49, SYNC = 50, CLOCKS = 51, END_MARK = 52;

class Fault extends Error {
  constructor(readonly status: Status) { super(status); }
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Reads from the front of some bytes; the fault `truncated` means that more are needed. */
class Reader {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}

  get atEnd(): boolean { return this.at === this.bytes.length; }

  take(size: number): Uint8Array {
    if (size > this.bytes.length - this.at) throw new Fault("truncated");
    this.at += size;
    return this.bytes.subarray(this.at - size, this.at);
  }

  byte(): number { return this.take(1)[0]; }

  uvarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      if (shift === 63n && byte > 1) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new Fault("overflow");
  }
}

function headerVersion(header: Uint8Array): number {
  const match = /^go 1\.([0-9][0-9]) trace\0\0\0$/.exec(String.fromCharCode(...header));
  if (match === null) throw new Fault("bad_header");
  const version = Number(match[1]);
  if (![22, 23, 25, 26].includes(version)) throw new Fault("bad_version");
  return version;
}

/** Ticks per second, or 0 of a payload that is no frequency batch's. */
function frequencyOf(payload: Uint8Array, version: number): bigint {
  const sync = version >= 25;
  if (payload[0] !== (sync ? SYNC : FREQUENCY)) return 0n;
  const reader = new Reader(payload);
  const event = (type: number, count: number): bigint[] => {
    if (reader.byte() !== type) throw new Fault("bad_frequency");
    return Array.from({ length: count }, () => reader.uvarint());
  };
  let frequency = 0n;
  try {
    if (sync) event(SYNC, 0);
    [frequency] = event(FREQUENCY, 1);
    if (sync) event(CLOCKS, 4);
  } catch {
    throw new Fault("bad_frequency");
  }
  if (frequency === 0n) throw new Fault("bad_frequency");
  if (!reader.atEnd) throw new Fault("trailing");
  return frequency;
}

function nanoseconds(ticks: bigint, frequency: bigint): bigint {
  const ns = Number(ticks) * (1 / (Number(frequency) / 1e9));
  return ns < 2 ** 63 ? BigInt(Math.trunc(ns)) : GREATEST_TIME;
}

export class Generation {
  number = 0n;
  frequency = 0n;
  minTime = 0n; // in ticks
  size = 0;
  readonly parts: Uint8Array[] = [];

  add(bytes: Uint8Array): void {
    this.parts.push(bytes.slice());
    this.size += bytes.length;
  }
}

/** What is between a start and the next: a stream, and what is kept of it. */
class Run {
  active = new Generation();
  complete: Generation[] = [];
  version = 0; // until the header has come whole
  unread: Uint8Array = new Uint8Array(0); // of a header or a batch that is not whole
  error: Status = "ok";
  closed = false;
  private last = 0n;

  constructor(readonly limits: Limits, private readonly clock: () => bigint) {}

  /** Takes what is whole; how many bytes stand before a fault. */
  take(bytes: Uint8Array, onHeader: (header: Uint8Array) => void): number {
    const before = this.unread.length;
    const reader = new Reader(concat([this.unread, bytes]));
    let begin = 0;
    try {
      if (this.version === 0) {
        const header = reader.take(HEADER_SIZE);
        begin = reader.at;
        this.version = headerVersion(header);
        onHeader(header.slice());
      }
      while (!reader.atEnd) {
        this.next(reader);
        begin = reader.at;
      }
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      if (fault.status !== "truncated") {
        this.error = fault.status;
        this.unread = new Uint8Array(0);
        return Math.max(begin - before, 0);
      }
    }
    this.unread = reader.bytes.slice(begin);
    return bytes.length;
  }

  /** Takes a batch or an end mark. */
  private next(reader: Reader): void {
    const begin = reader.at;
    const type = reader.byte();
    if (type === END_MARK && this.version >= 26) {
      this.end(reader.bytes.subarray(begin, reader.at));
      return;
    }
    if (type !== BATCH && type !== EXPERIMENT) throw new Fault("bad_type");
    if (type === EXPERIMENT) reader.byte();
    const [number, , time, size] = [reader.uvarint(), reader.uvarint(), reader.uvarint(), reader.uvarint()];
    if (size > LARGEST_PAYLOAD) throw new Fault("bad_size");
    const payload = reader.take(Number(size));
    this.choose(number);
    const frequency = type === BATCH ? frequencyOf(payload, this.version) : 0n;
    const active = this.active;
    if (frequency !== 0n) {
      if (active.frequency !== 0n) throw new Fault("bad_frequency");
      active.frequency = frequency;
    }
    active.number = number;
    if (time !== 0n && (active.minTime === 0n || time < active.minTime)) active.minTime = time;
    active.add(reader.bytes.subarray(begin, reader.at));
  }

  /** Sees to it that the active generation is the one of this number. */
  private choose(number: bigint): void {
    if (this.version < 26 && this.active.number !== 0n && number === this.active.number + 1n) this.end();
    const wanted = this.active.number !== 0n ? this.active.number : this.last !== 0n ? this.last + 1n : number;
    if (number === 0n || number !== wanted) throw new Fault("bad_generation");
  }

  private end(mark?: Uint8Array): void {
    const ended = this.active;
    if (ended.number === 0n) throw new Fault("bad_end_mark");
    if (ended.frequency === 0n) throw new Fault("no_frequency");
    if (mark !== undefined) ended.add(mark);
    this.complete.push(ended);
    this.prune(nanoseconds(this.clock(), ended.frequency));
    this.last = ended.number;
    this.active = new Generation();
  }

  private prune(now: bigint): void {
    let size = 0n;
    for (let i = this.complete.length - 1; i > 0; i--) {
      const { size: more, minTime, frequency } = this.complete[i];
      size += BigInt(more);
      if (size > this.limits.maxBytes || now - nanoseconds(minTime, frequency) > this.limits.minAge) {
        this.complete.splice(0, i);
        return;
      }
    }
  }

  endByCaller(): Status {
    if (this.error !== "ok") return this.error;
    if (this.version !== 0 && this.unread.length > 0) return "truncated";
    try {
      this.end();
    } catch (fault) {
      if (fault instanceof Fault) return fault.status;
      throw fault;
    }
    return "ok";
  }

  close(): void {
    if (!this.closed && this.unread.length > 0) this.error = this.version === 0 ? "short_header" : "truncated";
    this.closed = true;
  }

  result(): Status {
    return this.error === "ok" && this.unread.length > 0 ? "truncated" : this.error;
  }
}

export class Recorder {
  limits: Limits = { maxBytes: 10485760n, minAge: 10000000000n };
  private header = new Uint8Array(HEADER_SIZE);
  private run: Run | undefined; // while it is started
  private wasStarted = false;
  private snapping = false;

  /** `clock` says the ticks now, `flush` makes the tracer write what it holds back. */
  constructor(private readonly clock: () => bigint, private readonly flush: () => void) {}

  get enabled(): boolean { return this.run !== undefined; }
  get active(): Generation { return this.run?.active ?? new Generation(); }
  get complete(): Generation[] { return this.run?.complete ?? []; }

  start(tracerStarts: boolean): Status {
    if (this.run !== undefined) return "already_enabled";
    if (!tracerStarts) return "tracer_refused";
    this.run = new Run({ ...this.limits }, this.clock);
    this.wasStarted = true;
    return "ok";
  }

  stop(): Status {
    const status = this.run?.result() ?? "not_enabled";
    this.run = undefined;
    return status;
  }

  write(bytes: Uint8Array): [Status, number] {
    if (this.run === undefined || this.run.closed) return ["not_enabled", 0];
    if (this.run.error !== "ok") return [this.run.error, 0];
    const n = this.run.take(bytes, (header) => { this.header = header; });
    return [this.run.error, n];
  }

  close(): Status {
    this.run?.close();
    return this.wasStarted ? "ok" : "not_enabled";
  }

  endGeneration(): Status { return this.run?.endByCaller() ?? "not_enabled"; }

  /** `sink` says how many bytes it took. */
  snapshot(sink: (bytes: Uint8Array) => number): [Status, number] {
    if (this.run === undefined) return ["not_enabled", 0];
    if (this.snapping) return ["busy", 0];
    this.snapping = true;
    this.flush();
    const bytes = concat([this.header, ...this.run.complete.flatMap((generation) => generation.parts)]);
    const n = sink(bytes);
    this.snapping = false;
    return [n === bytes.length ? "ok" : "sink", n];
  }
}
