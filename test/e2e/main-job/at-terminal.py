"""at-terminal.py WORD...: runs the command on a terminal of its own. Lines on our standard input tell what a person does: "wait TEXT" until
the screen has shown it, "type TEXT", "ctrl-c". All that the terminal shows goes to our standard output; ends with the command's code."""
import fcntl, os, pty, select, signal, struct, sys, termios, time

deadline = time.monotonic() + 90
pid, master = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])

shown = b""
seen = 0


def read():
    global shown
    if time.monotonic() > deadline:
        os.kill(pid, signal.SIGKILL)
        sys.exit("at-terminal.py: it took too long; the screen showed:\n" + shown.decode(errors="replace"))
    if not select.select([master], [], [], 1)[0]:
        return True
    try:
        piece = os.read(master, 65536)
    except OSError:  # the command has ended
        return False
    shown += piece
    return piece != b""


for line in sys.stdin:
    what, _, text = line.rstrip("\n").partition(" ")
    if what == "wait":
        while text.encode() not in shown[seen:] and read():
            pass
        found = shown.find(text.encode(), seen)
        seen = found + len(text.encode()) if found >= 0 else seen
    elif what == "type":
        os.write(master, text.encode() + b"\n")
    elif what == "ctrl-c":
        os.write(master, b"\x03")
while read():
    pass
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
