import { constants } from 'node:fs';
import { errorCode } from '../lib/error-code.ts';
import type { ProcessIdentity } from '../model/listener.ts';
import { holdsSocket } from './linux-holders.ts';
import { commandHashOf, executableOf, statOf } from './linux-process.ts';
import { mayAccess } from './may-access.ts';

export interface Aim {
  readonly process: ProcessIdentity;
  /** It is meant only while it holds one of these sockets. */
  readonly inodes: readonly string[];
}

/** "other": no process of that number any more, another one, or one that holds none of the sockets. */
export type Sent = 'sent' | 'other' | { readonly why: string };

/**
 * Sends a signal to that process and to no other that has got its number since. Node has no pidfd: python3 opens one, looks whether what it
 * has opened is the process meant, and signals just that (pidfd_send_signal(2)). Where there is no python3, the look and the
 * signal follow each other without a pause, which leaves some microseconds in which the number could change hands.
 */
export async function sendSignal(aim: Aim, name: SignalName, { signal, pythons = usualPythons }: Sending): Promise<Sent> {
  const python = pythons.find((file) => mayAccess(file, constants.X_OK));
  return python === undefined ? sendAtOnce(aim, name) : sendByPidfd(python, { aim, name }, signal);
}

type SignalName = 'SIGTERM' | 'SIGKILL';

interface Sending {
  readonly signal: AbortSignal;
  /** Where python3 may be; the first that is there is taken. */
  readonly pythons?: readonly string[];
}

/** Not by PATH: what is run here is run as root. */
const usualPythons = ['/usr/bin/python3', '/usr/local/bin/python3', '/run/current-system/sw/bin/python3'];

const helper = `
import hashlib, os, signal, sys
pid, name, ticks, executable, command, inodes = int(sys.argv[1]), *sys.argv[2:6], sys.argv[6:]
def holds(fd):
    try:
        return os.readlink(f"/proc/{pid}/fd/{fd}") in [f"socket:[{inode}]" for inode in inodes]
    except OSError:
        return False
try:
    process = os.pidfd_open(pid)
    stat = open(f"/proc/{pid}/stat", errors="replace").read()
    same = stat[stat.rindex(")") + 2:].split()[19] == ticks
    line = open(f"/proc/{pid}/cmdline", "rb").read()
    same = same and hashlib.sha256(f"{pid} {ticks} ".encode() + line).hexdigest()[:16] == command
    same = same and os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)") == executable
    if not same or not any(holds(fd) for fd in os.listdir(f"/proc/{pid}/fd")):
        print("other")
    else:
        signal.pidfd_send_signal(process, getattr(signal, name))
        print("sent")
except (ProcessLookupError, FileNotFoundError):
    print("other")
except AttributeError:
    print("no-pidfd")
except OSError as error:
    print("no-pidfd" if error.errno == 38 else f"failed {error.strerror}")
`;

async function sendByPidfd(
  python: string,
  { aim, name }: { readonly aim: Aim; readonly name: SignalName },
  signal: AbortSignal,
): Promise<Sent> {
  const { pid, startTicks, executable, commandHash } = aim.process;
  const { execa } = await import('execa');
  const args = ['-I', '-c', helper, String(pid), name, String(startTicks), executable, commandHash, ...aim.inodes];
  const { stdout, failed } = await execa(python, args, { reject: false, timeout: 5000, cancelSignal: signal });
  if (stdout === 'sent' || stdout === 'other') return stdout;
  if (stdout.startsWith('failed ')) return { why: refusal(pid, stdout.slice('failed '.length)) };
  // An old kernel or an old python3 has none; one that broke off may have sent it: who comes next looks at the sockets
  return failed && stdout !== 'no-pidfd' ? { why: `the signal to process ${pid} may not have been sent` } : sendAtOnce(aim, name);
}

function sendAtOnce({ process: { pid, startTicks, executable, commandHash }, inodes }: Aim, name: SignalName): Sent {
  if (!inodes.some((inode) => holdsSocket(pid, inode))) return 'other';
  if (executableOf(pid) !== executable || statOf(pid)?.startTicks !== startTicks) return 'other';
  if (commandHashOf(pid, startTicks) !== commandHash) return 'other';
  try {
    process.kill(pid, name);
    return 'sent';
  } catch (error) {
    return errorCode(error) === 'ESRCH' ? 'other' : { why: refusal(pid, error instanceof Error ? error.message : String(error)) };
  }
}

const refusal = (pid: number, why: string): string => `process ${pid} could not be signalled: ${why}; run as root`;
