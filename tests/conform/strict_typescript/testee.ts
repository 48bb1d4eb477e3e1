// Cases on standard input, outcomes on standard output (spec/cases.md), of the recorder beside.

import { Generation, Recorder } from "./recorder";

// What is used of Node.
declare const process: {
  stdin: AsyncIterable<string> & { setEncoding(name: "utf8"): void };
  stdout: { write(text: string): void };
};
declare const Buffer: {
  from(text: string, form: "hex"): Uint8Array;
  from(bytes: Uint8Array): { toString(form: "hex"): string };
};

interface SetOp { max_bytes?: string; min_age_ns?: string }
type Op =
  | { op: "start"; tracer?: string }
  | { op: "stop" | "enabled" | "close" | "end_generation" | "state" }
  | ({ op: "set" } & SetOp)
  | { op: "clock"; ticks: string }
  | { op: "write"; hex: string }
  | SnapshotOp;
interface SnapshotOp { op: "snapshot"; flushes?: string[][]; sink_fails_after?: string; during?: string }
interface Case extends SetOp { id: unknown; ops: Op[] }
type Outcome = Record<string, unknown>;

function shown({ number, size, minTime }: Generation): Outcome {
  return { gen: String(number), size: String(size), min_time: String(minTime) };
}

class Runner {
  private now = 0n;
  private held: string[] = []; // what the tracer writes when it is flushed
  private readonly recorder = new Recorder(() => this.now, () => this.held.forEach((hex) => this.write(hex)));

  run(given: Case): Outcome[] {
    this.set(given);
    return given.ops.map((op) => this.step(op));
  }

  private step(op: Op): Outcome {
    const recorder = this.recorder;
    switch (op.op) {
      case "start": return { status: recorder.start(op.tracer !== "refuses") };
      case "stop": return { status: recorder.stop() };
      case "close": return { status: recorder.close() };
      case "end_generation": return { status: recorder.endGeneration() };
      case "enabled": return { status: "ok", enabled: recorder.enabled };
      case "write": return this.write(op.hex);
      case "snapshot": return this.snapshot(op);
      case "state":
        return { enabled: recorder.enabled, active: shown(recorder.active), ring: recorder.complete.map(shown) };
      case "set":
        this.set(op);
        return { status: "ok" };
      case "clock":
        this.now = BigInt(op.ticks);
        return { status: "ok" };
      default:
        throw new Error(`no such operation: ${JSON.stringify(op)}`);
    }
  }

  private set({ max_bytes, min_age_ns }: SetOp): void {
    if (max_bytes !== undefined) this.recorder.limits.maxBytes = BigInt(max_bytes);
    if (min_age_ns !== undefined) this.recorder.limits.minAge = BigInt(min_age_ns);
  }

  private write(hex: string): Outcome {
    const [status, n] = this.recorder.write(Buffer.from(hex, "hex"));
    return { status, n: String(n) };
  }

  private snapshot(op: SnapshotOp): Outcome {
    const outcome: Outcome = {};
    this.held = op.flushes?.[0] ?? [];
    const [status, n] = this.recorder.snapshot((bytes) => {
      if (op.during !== undefined) {
        const [second, taken] = this.recorder.snapshot((all) => all.length);
        outcome.during = { status: second, n: String(taken) };
      }
      const room = Math.min(bytes.length, Number(op.sink_fails_after ?? bytes.length));
      if (room > 0) outcome.hex = Buffer.from(bytes.subarray(0, room)).toString("hex");
      return room;
    });
    return { ...outcome, status, n: String(n) };
  }
}

async function main(): Promise<void> {
  let text = "";
  process.stdin.setEncoding("utf8");
  for await (const chunk of process.stdin) {
    const lines = (text + chunk).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const given: Case = JSON.parse(line);
      process.stdout.write(JSON.stringify({ id: given.id, out: new Runner().run(given) }) + "\n");
    }
  }
}

void main();
