"""Has server.py run its program, and is that program to its caller: client.py <socket> <mounts> <program> [argument ...]

In another mount namespace the server would find other files: there the program itself is run.
"""

# Not `socket` and `signal`: to load them takes as long as all the rest.
import _signal
import _socket
import os
import sys

path, mounts, program, *arguments = sys.argv[1:]
if os.readlink("/proc/self/ns/mnt") != mounts:
    os.execv(sys.executable, [sys.executable, program, *arguments])
# A signal ends this process, and the server then ends the other one. Those that the caller ignores stay ignored.
if _signal.getsignal(_signal.SIGINT) == _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)


def number(value):
    return value.to_bytes(4, sys.byteorder, signed=True)


server = _socket.socket(_socket.AF_UNIX)
server.connect(path)
mask = os.umask(0)
variables = [b"%s=%s" % variable for variable in os.environb.items()]
call = b"\0".join([*map(os.fsencode, arguments), *variables])
head = number(mask) + number(len(arguments)) + number(len(call))
descriptors = [0, 1, 2, os.open(".", os.O_RDONLY)]
rights = b"".join(map(number, descriptors))
server.sendmsg([head], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)])
server.sendall(call)
answer = server.recv(4)
if not answer:
    sys.exit(f"the server of {program} has ended")
code = int.from_bytes(answer, sys.byteorder, signed=True)
os._exit(code if code >= 0 else 128 - code)
