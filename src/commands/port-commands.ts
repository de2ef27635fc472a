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
    flags: ['end', 'noEngine', 'yes', 'autoApprove'],
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
  {
    name: 'units',
    aliases: [],
    summary: 'Print or install systemd units that free ports at boot and look for drift in between',
    positionals: positionals.none,
    flags: ['all', 'unitsFormat', 'every', 'onShutdown', 'install', 'uninstall', 'root', 'force', 'yes', 'autoApprove'],
    examples: [
      { line: 'stackctl units', does: 'print them; touch nothing' },
      { line: 'sudo stackctl units --install', does: 'show what would be written and enabled, ask, do it' },
      { line: 'stackctl units --all --format nixos > stackctl.nix', does: 'a NixOS module for every stack of stack.config.yaml' },
      { line: 'sudo stackctl units --uninstall -p shop', does: 'take those of a stack away, also when its files are gone' },
    ],
    exitCodes: { 3: 'failed; everything is as it was before', 4: 'failed; what could not be put back is listed' },
    interrupt: {
      first: 'Interrupted: putting back what was done.',
      second: 'Stopping at once. Run stackctl units --install again, or --uninstall.',
    },
    run: async (invocation) => (await import('./units.ts')).runUnits(invocation),
  },
];
