"""Starts a command in a pseudo-terminal and waits until it has drawn the lab's first frame; then
leaves by `q` and fails if that does not end it with status 0."""
import os, pty, select, struct, sys, time, fcntl, termios

command, limit = sys.argv[1], 1500
start = time.time()
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp("bash", ["bash", "-c", command])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
seen, drawn = b"", None
while time.time() - start < limit:
    if select.select([terminal], [], [], 1)[0]:
        try:
            data = os.read(terminal, 65536)
        except OSError:
            break
        if not data:
            break
        seen = (seen + data)[-400000:]
        if drawn is None and b"Backstep" in seen and b"\x1b[?1049h" in seen:
            drawn = time.time() - start
            print(f"first frame after {drawn:.1f} s of building and starting", flush=True)
            os.write(terminal, b"q")
_, status = os.waitpid(pid, 0)
if drawn is None or os.waitstatus_to_exitcode(status) != 0:
    sys.stdout.write(seen.decode("utf-8", "replace")[-4000:])
    sys.exit(f"no first frame, or status {os.waitstatus_to_exitcode(status)}")
