import { readConfig } from '../config.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { problemsText } from '../render/problems-text.ts';
import { stackUnits, type UnitsOf } from '../render/units/stack-units.ts';
import type { Unit } from '../render/units/unit.ts';
import { unitsJson, unitsText } from '../render/units/units-text.ts';
import type { ExitCode, Invocation } from './command.ts';
import { refuse, styleOf } from './screen.ts';
import { unitsOfStack } from './units-of.ts';

/** Prints systemd units, or a NixOS module, that free the ports of a stack at boot and look for drift in between; or installs them, or takes them away. */
export async function runUnits(invocation: Invocation): Promise<ExitCode> {
  const { flags } = invocation;
  const conflicts = conflictsOf(invocation);
  if (conflicts.length > 0) return refuse(conflicts, invocation);
  if (flags.uninstall) return (await import('./units-uninstall.ts')).uninstallUnits(invocation);
  const found = await unitsOfAll(invocation);
  if (!found.ok) return refuse(found.error, invocation);
  const { stacks, warnings } = found.value;
  if (warnings.length > 0) invocation.io.stderr.write(`${problemsText(warnings, { style: styleOf(invocation, invocation.io.stderr) })}\n`);
  const units = stacks.flatMap(stackUnits).filter(({ part }) => part !== 'shutdown' || flags.onShutdown);
  if (flags.install)
    return (await import('./units-install.ts')).installUnits({ stacks: stacks.map(({ stack }) => stack), units }, invocation);
  await print(stacks, units, invocation);
  return 0;
}

async function print(stacks: readonly UnitsOf[], units: readonly Unit[], invocation: Invocation): Promise<void> {
  const { flags, io } = invocation;
  if (flags.unitsFormat === 'nixos') {
    const { nixModule } = await import('../render/units/nix-module.ts');
    io.stdout.write(nixModule(stacks, { onShutdown: flags.onShutdown }));
    return;
  }
  if (!flags.json) {
    io.stdout.write(unitsText(units));
    return;
  }
  const { jsonText } = await import('../render/json-text.ts');
  io.stdout.write(`${jsonText(unitsJson(units), 2)}\n`);
}

interface AllUnits {
  readonly stacks: readonly UnitsOf[];
  readonly warnings: readonly Problem[];
}

async function unitsOfAll(invocation: Invocation): Promise<Result<AllUnits, readonly Problem[]>> {
  const { flags, io } = invocation;
  const config = flags.all ? await readConfig(io.cwd) : ok(undefined);
  if (!config.ok) return config;
  const stacks = Object.keys(config.value?.stacks ?? {});
  const chosen = stacks.length > 0 ? stacks.map((stack) => ({ ...flags, stack })) : [flags];
  const found = await Promise.all(chosen.map((each) => unitsOfStack({ ...invocation, flags: each })));
  const problems = found.flatMap((each) => (each.ok ? [] : each.error));
  if (problems.length > 0) return fail(problems);
  const good = found.flatMap((each) => (each.ok ? [each.value] : []));
  return ok({ stacks: good.map(({ of }) => of), warnings: good.flatMap(({ warnings }) => warnings) });
}

function conflictsOf({ flags }: Invocation): Problem[] {
  const conflict = (message: string, hint: string): Problem => ({ code: 'flags-conflict', severity: 'error', message, hint });
  const changes = flags.install || flags.uninstall;
  return [
    ...(flags.install && flags.uninstall ? [conflict('--install and --uninstall are opposites', 'give one of them')] : []),
    ...(flags.unitsFormat === 'nixos' && changes
      ? [conflict('a NixOS module is not installed by stackctl', 'write it to a file, and name that in "imports" of configuration.nix')]
      : []),
    ...(flags.unitsFormat === 'nixos' && flags.json ? [conflict('a NixOS module has no form as JSON', 'leave out --json')] : []),
    ...(flags.root !== undefined && !changes
      ? [conflict('--root says where to install', 'give it together with --install or --uninstall')]
      : []),
  ];
}
