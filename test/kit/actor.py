"""One process of a hostile scene. actor.py ROLE PORT [words for a rule to match]: prints its port when it is ready, and stays."""
import os, signal, socket, subprocess, sys, time

role, port = sys.argv[1], int(sys.argv[2])


def listen(at=0, reuse=False):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind(("127.0.0.1", at))
    server.listen()
    return server


held = None
if role in ("holder", "stubborn", "rebinding"):
    held = listen()
if role == "reuseport":
    held = listen(port, reuse=True)
if role == "client":
    held = socket.create_connection(("127.0.0.1", port))
if role == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if role == "rebinding":

    def again(*_):
        global held
        name = held.getsockname()[1]
        held.close()
        held = listen(name)

    signal.signal(signal.SIGTERM, again)
if role == "forking":
    held = listen()
    if os.fork() == 0:
        time.sleep(600)
if role == "passing":
    held = listen()
    subprocess.Popen(["sleep", "600"], pass_fds=[held.fileno()])
print(held.getsockname()[1] if held else 0, flush=True)
while True:
    time.sleep(600)
