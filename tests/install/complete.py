#!/usr/bin/env python3
"""Prints the completions that a shell offers: complete.py SHELL SCRIPT LINE...

Each line is typed into an interactive shell, which has read the completion script, and all completions at its end are
inserted. They are printed on one line, with the words before them."""

import os
import pty
import sys
import tempfile
import threading
import time
from pathlib import Path

SECONDS = 60
ALL = "\x18a"  # bound below: insert all completions
START = "\x01"

# How each shell is started, and what it is told at first.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "bind '\"\\C-xa\": insert-completions'; . '{script}'"),
    "zsh": (["zsh", "-f", "-i"],
            "bindkey -e; fpath=('{folder}' $fpath); autoload -Uz compinit; compinit -u -D; "
            "zle -C all-matches complete-word _generic; bindkey '^Xa' all-matches; "
            "zstyle ':completion:all-matches:*' completer _all_matches _complete; "
            "zstyle ':completion:all-matches:*' insert yes"),
}


def drain(fd):
    """Reads what the shell prints, so that it never waits."""
    try:
        while os.read(fd, 65536):
            pass
    except OSError:
        pass


def wait_for(path):
    end = time.monotonic() + SECONDS
    while not path.exists():
        if time.monotonic() > end:
            sys.exit(f"the shell has not written {path.name}")
        time.sleep(0.02)


def main():
    shell, script, *lines = sys.argv[1:]
    argv, setup = SHELLS[shell]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "_flightspec").symlink_to(Path(script).resolve())
        pid, fd = pty.fork()
        if pid == 0:
            os.execvpe(argv[0], argv, {**os.environ, "HOME": name, "INPUTRC": "/dev/null", "TERM": "dumb"})
        threading.Thread(target=drain, args=(fd,), daemon=True).start()
        setup = setup.format(script=Path(script).resolve(), folder=folder)
        os.write(fd, f"{setup}; : >'{folder}/ready'\r".encode())
        wait_for(folder / "ready")
        for number, line in enumerate(lines):
            out = folder / f"{number}"
            typed = f"{line}{ALL}{START}echo \x05 >'{out}.new'; mv '{out}.new' '{out}'\r"
            os.write(fd, typed.encode())
            wait_for(out)
            print(out.read_text().strip())
        os.write(fd, b"exit\r")
        os.close(fd)


if __name__ == "__main__":
    main()
