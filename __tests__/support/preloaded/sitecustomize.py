"""Has the interpreter of a Python program become server.py for that program.

However the program is started, by a shim or in an environment of its own, Python runs this first. PRELOAD holds the other
arguments of server.py, as JSON. The program's own argument is one.
"""

import json
import os
import sys

if "PRELOAD" in os.environ:
    server, *arguments = json.loads(os.environ.pop("PRELOAD"))
    os.environ["PYTHONPATH"] = os.environ["PYTHONPATH"].partition(os.pathsep)[2]
    with open("/proc/self/cmdline", "rb") as command:
        program = command.read().split(b"\0")[-3]
    os.execv(sys.executable, [sys.executable, server, program, *arguments])
