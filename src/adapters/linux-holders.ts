import { readdirSync, readlinkSync } from 'node:fs';
import { errorCode } from '../lib/error-code.ts';

/**
 * The pids that hold each of these sockets, by inode: one pass over /proc, whatever their number. Those that this user may not look into
 * are absent. All of it is read at once: thousands of links that come from memory take a tenth of what promises do.
 */
export function holdersOf(inodes: ReadonlySet<string>): ReadonlyMap<string, readonly number[]> {
  const wanted = new Map([...inodes].map((inode) => [linkTo(inode), inode]));
  const holders = new Map<string, number[]>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const link of new Set(linksOf(pid)?.filter((each) => wanted.has(each)))) {
      const inode = wanted.get(link) ?? '';
      holders.set(inode, [...(holders.get(inode) ?? []), Number(pid)]);
    }
  }
  return holders;
}

/** Whether a process holds that socket now. */
export const holdsSocket = (pid: number, inode: string): boolean => linksOf(String(pid))?.includes(linkTo(inode)) ?? false;

/** The sockets that a process holds, by inode; undefined: this user may not look, or it has ended. */
export const heldSockets = (pid: string): string[] | undefined =>
  linksOf(pid)?.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);

const linkTo = (inode: string): string => `socket:[${inode}]`;

function linksOf(pid: string): string[] | undefined {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).map((fd) => linkOf(`${folder}/${fd}`));
  } catch (error) {
    if (unreadable.has(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Ended meanwhile, or another user's. */
const unreadable = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/** Empty: closed meanwhile, or not for this user. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (unreadable.has(errorCode(error) ?? '')) return '';
    throw error;
  }
}
