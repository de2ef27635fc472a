import type { Line } from './unit.ts';

/**
 * All that systemd can take away and the work is still done. Not taken away: /proc and the processes of the host (ProtectProc,
 * PrivateUsers) and its network (PrivateNetwork), since they are what is looked at; memory that is written and run, which Node needs.
 * A folder below /tmp could not be seen with a /tmp of its own.
 */
export const hardening = ({ privateTmp }: { readonly privateTmp: boolean }): readonly Line[] => [
  ['NoNewPrivileges', 'yes'],
  ['ProtectSystem', 'strict'],
  ['ProtectHome', 'read-only'],
  ['PrivateTmp', privateTmp ? 'yes' : 'no'],
  ['PrivateDevices', 'yes'],
  ['ProtectClock', 'yes'],
  ['ProtectControlGroups', 'yes'],
  ['ProtectHostname', 'yes'],
  ['ProtectKernelLogs', 'yes'],
  ['ProtectKernelModules', 'yes'],
  ['ProtectKernelTunables', 'yes'],
  ['LockPersonality', 'yes'],
  ['RestrictNamespaces', 'yes'],
  ['RestrictRealtime', 'yes'],
  ['RestrictSUIDSGID', 'yes'],
  ['SystemCallArchitectures', 'native'],
  ['SystemCallFilter', '@system-service'],
  ['SystemCallFilter', '~@privileged @resources'],
  ['SystemCallErrorNumber', 'EPERM'],
  ['UMask', '0077'],
];

/** To see whose a socket is: /proc/PID/fd of every user, which takes the right to read it and the one to look into a process. */
export const toLook = 'CAP_DAC_READ_SEARCH CAP_SYS_PTRACE';

/** And to end a process of another user. */
export const toEnd = `${toLook} CAP_KILL`;
