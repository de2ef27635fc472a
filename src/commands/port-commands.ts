import type { Command } from './command.ts';
import { positionals } from './positionals.ts';

/** Commands about host ports and who holds them. */
export const portCommands: readonly Command[] = [
  {
    name: 'ports',
    aliases: [],
    summary: 'Show the host ports that the stack declares, and who holds each',
    positionals: { ...positionals.services, summary: 'Only these services' },
    flags: ['all', 'watchPorts'],
    examples: [
      { line: 'stackctl ports', does: 'one line a port: free, held, taken …' },
      { line: 'stackctl ports --all --watch', does: 'of all stacks, and again whenever something has changed' },
      { line: 'stackctl ports --json web', does: 'as data, with process, user, unit, container' },
    ],
    exitCodes: {},
    interrupt: { first: '', second: '' },
    run: async (invocation) => (await import('./ports.ts')).runPorts(invocation),
  },
  {
    name: 'orphans',
    aliases: [],
    summary: 'Show processes that hold a port of the stack and that a rule of x-stack.ports names; or end them',
    positionals: positionals.none,
    flags: ['end', 'yes', 'autoApprove'],
    examples: [
      { line: 'stackctl orphans', does: 'touch nothing: each process with the evidence' },
      { line: 'stackctl orphans --end --yes', does: 'before a deployment, or before the engine starts; safe to run twice' },
    ],
    exitCodes: {
      2: 'some were found, or it could not be seen whether there are any',
      4: 'some could not be ended, their ports are still held, or it could not be seen whether there are any',
    },
    run: async (invocation) => (await import('./orphans.ts')).runOrphans(invocation),
  },
];
