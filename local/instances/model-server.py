"""A model server in small, with the manners of vLLM 0.18: it listens when it has loaded, generates, and on SIGTERM
finishes what it has for as long as --shutdown-timeout says. What vLLM has not: requests below /test, by which it is made
to crash, to take memory or to be slow, and variables by which it fails or takes memory when it loads, or is healthy before
its model answers."""

import argparse
import json
import os
import signal
import ssl
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

parser = argparse.ArgumentParser(allow_abbrev=False)
parser.add_argument("model")  # as `vllm serve` takes it
parser.add_argument("--served-model-name", required=True)
parser.add_argument("--shutdown-timeout", type=int, default=0)
parser.add_argument("--ssl-certfile")
parser.add_argument("--ssl-keyfile")
parser.add_argument("--port", type=int, default=8000)
options, _ = parser.parse_known_args()  # what decides about a GPU decides nothing here
taken = []  # memory
pace = {"times": 1}  # as many times as long a token takes
refusals = [None] * int(os.environ.get("REFUSED_AT_FIRST", "0"))  # of generations, before the model answers


# Where tokens are generated, and how a stream has one.
TOKENS = {
    "/v1/completions": b"token",
    "/v1/chat/completions": b'{"choices":[{"index":0,"delta":{"content":"token "}}]}',
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value, kind="application/json"):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, "")
        if self.path == "/metrics":
            return self.answer(200, 'vllm:num_requests_waiting{engine="0"} 0.0\n', "text/plain")
        if self.is_refused():
            return self.answer(401, {"error": "Unauthorized"})
        if self.path == "/v1/models":
            return self.answer(200, {"object": "list", "data": [{"id": options.served_model_name}]})
        return self.answer(404, {"detail": "Not Found"})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
        if self.path == "/test/crash":
            os._exit(1)
        if self.path == "/test/slow":
            pace["times"] = request["times"]
            return self.answer(200, {})
        if self.path == "/test/take":
            taken.append(os.urandom(1) * (request["mib"] << 20))
            return self.answer(200, {})
        if self.is_refused():
            return self.answer(401, {"error": "Unauthorized"})
        if self.path not in TOKENS:
            return self.answer(404, {"detail": "Not Found"})
        if request.get("model") != options.served_model_name:
            return self.answer(404, {"error": f"The model {request.get('model')} does not exist."})
        if refusals:
            refusals.pop()
            return self.answer(503, {"error": "The model is not ready"})
        if request.get("stream"):
            return self.stream(request.get("max_tokens", 16), TOKENS[self.path])
        return self.answer(200, {"choices": [{"text": "!", "message": {"role": "assistant", "content": "!"}}]})

    def is_refused(self):
        key = os.environ.get("VLLM_API_KEY")
        return key is not None and self.headers.get("authorization") != f"Bearer {key}"

    def stream(self, tokens, written):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        begun = time.monotonic()
        for token in range(1, tokens + 1):
            self.wfile.write(b"data: %s\n\n" % written)
            due = begun + pace["times"] * token / 10
            time.sleep(max(0, due - time.monotonic()))  # ten a second, on a busy machine too
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, text, *values):
        print(text % values, flush=True)


def leave(*_):
    print("finishes what it has", flush=True)
    threading.Timer(options.shutdown_timeout, os._exit, [1]).start()
    threading.Thread(target=finish).start()


def finish():
    server.shutdown()
    server.server_close()  # waits for the requests that are being answered
    os._exit(0)


def crash_on_load():
    print("torch.OutOfMemoryError: CUDA out of memory", flush=True)
    sys.exit(1)


print("loads", flush=True)
time.sleep(float(os.environ.get("LOAD_SECONDS", "1")))
if os.environ.get("CRASH_ON_LOAD"):
    crash_on_load()
taken.append(os.urandom(1) * (int(os.environ.get("TAKE_ON_LOAD_MIB", "0")) << 20))
if not os.listdir(options.model):
    sys.exit(f"{options.model} is empty")
server = ThreadingHTTPServer(("0.0.0.0", options.port), Handler)
server.daemon_threads = False
if options.ssl_certfile:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.ssl_certfile, options.ssl_keyfile)
    server.socket = context.wrap_socket(server.socket, server_side=True)
signal.signal(signal.SIGTERM, leave)
print("serves", flush=True)
server.serve_forever()
threading.Event().wait()  # finish() ends the process
