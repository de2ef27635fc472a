"""A crowd: 500 processes that listen on four ports each, 2,000 in all. Prints the ports; ends with its standard input."""
import os, signal, socket, sys

def listen():
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    one.listen()
    return one

children = []
for _ in range(500):
    sockets = [listen() for _ in range(4)]
    print(*(one.getsockname()[1] for one in sockets), flush=True)
    child = os.fork()
    if child == 0:
        sys.stdin.close()
        signal.pause()
    children.append(child)
    for one in sockets:
        one.close()
print("ready", flush=True)
sys.stdin.read()
for child in children:
    os.kill(child, signal.SIGKILL)
