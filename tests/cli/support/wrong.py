"""A testee with a fault: wrong.py FAULT PROGRAM

It gives each case to `PROGRAM run` and prints what comes back. Where a case has a snapshot with a sink that fails, it
does as FAULT says: crash, exit, hang, slow (it takes a second), half (a line, and ends), garbage, lines, flood (of them),
other, closed, endless, or, in the outcome, status, byte, or less.
`count` is wrong in every case, by one in numbers from 20 on. `right` has no fault; `deaf` never reads, `dead` ends at once, and `closing` takes one case only."""
import json
import os
import subprocess
import sys
import time


def spoil(fault, outcome):
    """Puts the fault into an outcome."""
    for one in outcome["out"]:
        if one.get("status") == "sink" and fault == "status":
            one["status"] = "ok"
        if one.get("status") == "ok" and fault == "count" and int(one.get("n", 0)) >= 20:
            one["n"] = str(int(one["n"]) + 1)
        if len(one.get("hex", "")) >= 4 and fault == "byte":
            one["hex"] = one["hex"][:2] + "%02x" % (int(one["hex"][2:4], 16) ^ 1) + one["hex"][4:]
    if fault == "less":
        outcome["out"].pop()
    return outcome


def misbehave(fault, outcome):
    """What a fault does instead of an answer."""
    if fault == "crash":
        os.abort()
    if fault == "exit":
        os._exit(3)
    if fault == "hang":
        time.sleep(1000)
    if fault == "slow":
        time.sleep(1)
    if fault == "half":
        os.write(1, b'{"id":')
        os._exit(0)
    while fault == "flood":
        os.write(1, b"{}\n" * 20000)
    if fault == "closed":
        sys.stdout.flush()
        os.close(1)
        time.sleep(1000)
    while fault == "endless":
        os.write(1, b"x" * 65536)
    if fault == "garbage":
        return "panic: \x1b[31msomething is wrong"
    if fault == "other":
        outcome["id"] = "another"
    text = json.dumps(spoil(fault, outcome))
    return text + "\n" + text if fault == "lines" else text


def main():
    fault, program = sys.argv[1:]
    if fault == "deaf":
        time.sleep(1000)
    if fault == "dead":
        sys.exit(4)
    with subprocess.Popen([program, "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as right:
        for line in sys.stdin:
            right.stdin.write(line)
            right.stdin.flush()
            text = right.stdout.readline().rstrip("\n")
            if fault == "count" or any("sink_fails_after" in op for op in json.loads(line)["ops"]):
                text = misbehave(fault, json.loads(text))
            print(text, flush=True)
            if fault == "closing":
                break


main()
