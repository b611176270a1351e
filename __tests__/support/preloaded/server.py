"""Runs a Python program for each client.py that asks, in a process that is forked from one that has loaded it already.

server.py <program> <owner> <file> <preparation>

The program's own file runs, with the arguments, the variables, the current folder, the umask and the standard streams of
the client. It is killed when the client ends; everything is when the process <owner> ends. The file gets the command of the
client. The preparation is a Python file, which runs once and loads what the program will need.
"""

import atexit
import contextlib
import gc
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
import threading
import time


def listen(program, file):
    """Listens for clients. Returns None if another server does: the file is there."""
    path = f"{file}.{os.getpid()}"
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(128)
    client = os.path.join(os.path.dirname(os.path.abspath(__file__)), "client.py")
    mounts = os.readlink("/proc/self/ns/mnt")
    whole = f"{path}.json"
    with open(whole, "w") as command:
        json.dump([sys.executable, "-I", "-S", client, path, mounts, program], command)
    try:
        os.link(whole, file)
    except FileExistsError:
        return None
    return listener


def leave_the_caller():
    """Goes on as another process, which nobody waits for."""
    if os.fork() != 0:
        os._exit(0)
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    os.close(null)


def prepare(program, preparation):
    """Loads what the program needs, for no caller. Returns the variables that this has set for it."""
    os.environ.clear()
    os.environ["HOME"] = os.devnull
    sys.path[0] = os.path.dirname(program)
    with contextlib.suppress(Exception):  # another version of the program may have other parts: then a call takes longer
        runpy.run_path(preparation)
    del os.environ["HOME"]
    gc.collect()
    gc.freeze()
    return dict(os.environb)


def receive(client):
    """Reads a call: descriptors of the standard streams and of the folder, umask, arguments, and variables."""
    head, descriptors, _, _ = socket.recv_fds(client, struct.calcsize("III"), 4)
    mask, count, length = struct.unpack("III", head)
    with client.makefile("rb") as stream:
        texts = stream.read(length).split(b"\0")
    client.close()
    return descriptors, mask, texts[:count], dict(text.split(b"=", 1) for text in texts[count:])


def become(client, loaded):
    """Takes over all that a process has from its caller. Returns the arguments."""
    (*streams, folder), mask, arguments, variables = receive(client)
    for stream, descriptor in enumerate(streams):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.fchdir(folder)
    os.close(folder)
    os.umask(mask)
    os.environb.clear()
    os.environb.update({**variables, **loaded})
    time.tzset()
    return [os.fsdecode(argument) for argument in arguments]


def run(program, arguments):
    """Runs the program. Returns its exit code."""
    sys.argv[:] = [program, *arguments]
    try:
        runpy.run_path(program, run_name="__main__")
        return 0
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    return 1


def end(code):
    """Ends as an interpreter does, but takes nothing down: to touch all that is shared would copy it."""
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code & 0xFF)


def serve(program, listener, owner, loaded):
    """Runs the program for clients, until the owner ends."""
    poll = select.poll()
    poll.register(owner, select.POLLIN)
    poll.register(listener, select.POLLIN)
    processes = {}  # with their clients, by descriptors that tell when they end
    clients = {}  # their processes, by descriptors that tell when the clients end
    while True:
        for ready, _ in poll.poll():
            if ready == owner:
                for process, _ in processes.values():
                    os.killpg(process, signal.SIGKILL)
                os._exit(0)
            if ready == listener.fileno():
                client, _ = listener.accept()
                process = os.fork()
                if process == 0:
                    listener.close()
                    for _, other in processes.values():
                        other.close()
                    end(run(program, become(client, loaded)))
                os.setpgid(process, process)
                ended = os.pidfd_open(process)
                processes[ended] = process, client
                clients[client.fileno()] = process
                poll.register(ended, select.POLLIN)
                poll.register(client, select.POLLRDHUP)
            elif ready in processes:
                process, client = processes.pop(ready)
                _, status = os.waitpid(process, 0)
                poll.unregister(ready)
                os.close(ready)
                if clients.pop(client.fileno(), None):
                    poll.unregister(client)
                    with contextlib.suppress(ConnectionError):
                        client.send(struct.pack("i", os.waitstatus_to_exitcode(status)))
                client.close()
            elif ready in clients:
                poll.unregister(ready)
                os.killpg(clients.pop(ready), signal.SIGKILL)


def main(program, owner, file, preparation):
    # Pipes that were inherited would stay open.
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    owner = os.pidfd_open(int(owner))
    listener = listen(program, file)
    if listener is not None:
        leave_the_caller()
        serve(program, listener, owner, prepare(program, preparation))


main(*sys.argv[1:])
