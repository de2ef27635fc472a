import type { Command } from './command.ts';

/** Commands about the data of a stack. */
export const volumeCommands: readonly Command[] = [
  {
    name: 'volume',
    aliases: [],
    summary: 'Show, back up, restore and mend the volumes of the stack',
    positionals: {
      name: 'WORD',
      summary: 'list, backup, verify, prune, fix, of all or of those that are named; show, export, restore BACKUP',
      most: Infinity,
      completes: ['backup', 'export', 'fix', 'list', 'prune', 'restore', 'show', 'verify'],
    },
    flags: ['output', 'keep', 'to', 'fromFile', 'yes', 'autoApprove', 'timeout', 'rollbackTimeout', 'lockTimeout', 'noRollback'],
    examples: [
      { line: 'stackctl volume list', does: 'size, owner, users and last backup of each volume, and all backups' },
      { line: 'stackctl volume backup data', does: 'stop who writes to it, copy it, start them again' },
      { line: 'stackctl volume verify', does: 'read every backup again and hold it against its hashes' },
      { line: 'stackctl volume export data -o data.tar', does: 'the newest backup of it as a plain tar' },
      { line: 'stackctl volume restore data', does: 'the newest backup of it; back when a service does not come up with it' },
      { line: 'stackctl volume restore data --to copy', does: 'into a new volume, touching nothing else' },
      { line: 'stackctl volume prune --keep 7', does: 'name older ones, ask, remove them' },
      { line: 'stackctl volume fix data', does: 'give its files the owner and mode that are declared; who uses it is stopped meanwhile' },
    ],
    exitCodes: {
      2: 'a backup is not as it was written (verify)',
      3: 'failed; everything is as it was before (verified)',
      4: 'failed, or not cleaned up; what is left is listed',
      5: 'another apply holds the lock',
      130: 'interrupted; everything is as it was before',
    },
    interrupt: {
      first: 'Interrupted: starting nothing more and walking back what was done. Press Ctrl-C again to stop at once.',
      second: 'Stopping at once. What is left is listed below and stays in the journal.',
    },
    run: async (invocation) => (await import('./volume.ts')).runVolume(invocation),
  },
];
