"""Runs a program whose standard output is a pipe that nobody reads: closed_pipe.py default|ignored COMMAND...

SIGPIPE then ends it, or is ignored, as under many programs that start others. The exit status is the program's, or 128
and the number of the signal."""
import os
import subprocess
import sys

reader, writer = os.pipe()
os.close(reader)
status = subprocess.run(sys.argv[2:], stdout=writer, restore_signals=sys.argv[1] == "default").returncode
sys.exit(status if status >= 0 else 128 - status)
