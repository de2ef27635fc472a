import { values } from '../lib/record.ts';
import type { ByName } from '../lib/record.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { anySignal } from '../lib/any-signal.ts';
import { mayDestroy } from '../plan/network-renewal.ts';
import type { ExitCode, Invocation } from './command.ts';
import type { OpenStack } from './open-stack.ts';
import { planOptions } from './plan-options.ts';
import { refuse } from './screen.ts';
import { interrupted, notConfirmed } from './with-consent.ts';

const sizesMs = 60_000;

/** How much is in the volumes, for words: an engine that cannot say it is no reason to stop. */
export async function volumeSizes({ setup }: OpenStack, { flags, cancel }: Invocation): Promise<ByName<number>> {
  if (!flags.volumes) return {};
  const signal = anySignal([cancel, AbortSignal.timeout(sizesMs)]);
  return setup.platform.engine.volumeSizes(signal).catch(() => ({}));
}

/**
 * Whether a person named each volume that would go: with --allow-destroy, or by typing its name now. --yes is none of that. Undefined:
 * all of them; else the exit code.
 */
export async function namesVolumes(plan: Plan, opened: OpenStack, invocation: Invocation): Promise<ExitCode | undefined> {
  const unnamed = unnamedVolumes(plan, opened, invocation);
  if (unnamed.length === 0) return undefined;
  const { flags, io } = invocation;
  if (flags.yes || flags.autoApprove) return refuse([yesIsNotEnough(unnamed)], invocation);
  if (!io.stdin.isTTY || !io.stderr.isTTY) return notConfirmed('nobody-to-ask', invocation);
  for (const { name } of unnamed) {
    io.stderr.write(`\nAll that is in volume ${name} will be gone for good. Type its name to remove it: `);
    const answer = await io.stdin.readLine(invocation.cancel);
    if (invocation.cancel.aborted) return interrupted(invocation);
    if (answer?.trim() !== name) return notConfirmed('no', invocation);
  }
  return undefined;
}

interface Named {
  readonly key: string;
  readonly name: string;
}

function unnamedVolumes({ changes }: Plan, { setup }: OpenStack, invocation: Invocation): Named[] {
  const removed = changes.filter(({ of, verb }) => of === 'volume' && verb === 'remove').map(({ name }) => name);
  const options = planOptions(invocation);
  return values(setup.stack.desired.volumes).filter((spec) => removed.includes(spec.name) && !mayDestroy('volume', spec, options));
}

const yesIsNotEnough = (volumes: readonly Named[]): Problem => ({
  code: 'volume-not-named',
  severity: 'error',
  message: `--yes does not remove volumes: ${volumes.map(({ name }) => name).join(', ')} would be gone for good`,
  hint: `name each: ${volumes.map(({ key }) => `--allow-destroy volume/${key}`).join(' ')}`,
});

/** What `down` leaves: said, so that nobody has to look. Empty when there is nothing. */
export function stayingVolumes({ changes }: Plan, names: readonly string[]): string {
  const staying = names.filter((each) => !changes.some(({ of, name }) => of === 'volume' && name === each));
  return staying.length === 0 ? '' : `Volumes stay, with all that is in them: ${staying.join(', ')}.\n`;
}
