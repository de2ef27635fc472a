import { constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { geteuid } from 'node:process';
import { mayAccess } from '../adapters/may-access.ts';
import { isBooted, isNixos, systemd, type Systemd } from '../adapters/systemd.ts';
import { messageOf } from '../lib/message-of.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Problem } from '../model/problem.ts';
import { origin } from '../render/units/unit-text.ts';
import type { Invocation } from './command.ts';

/** Where units are to be installed, or all that stands against it. */
export function unitsPlace({ flags, io }: Invocation): Result<Systemd, readonly Problem[]> {
  if (flags.root !== undefined) {
    const root = resolve(io.cwd, flags.root);
    const isFolder = statSync(root, { throwIfNoEntry: false })?.isDirectory() ?? false;
    if (!isFolder) return fail([problem('bad-root', `--root ${flags.root} is not a folder`, 'make it first')]);
    if (!mayAccess(root, constants.W_OK))
      return fail([problem('bad-root', `this user may not write to --root ${flags.root}`, 'run it with sudo')]);
    return ok(systemd(root));
  }
  const print = 'print them with stackctl units, or install into an image with --root DIR';
  if (isNixos()) return fail([problem('nixos', 'NixOS makes its units itself', 'stackctl units --format nixos prints a module')]);
  if (!isBooted()) return fail([problem('no-systemd', 'systemd does not run on this machine', print)]);
  if (geteuid?.() !== 0) {
    return fail([problem('not-root', 'only root may install units', 'run it with sudo; or print them with stackctl units')]);
  }
  return ok(systemd('/'));
}

/** A unit as it stands there. */
export interface UnitSeen {
  readonly name: string;
  /** Undefined: there is none. */
  readonly text: string | undefined;
  readonly isEnabled: boolean;
  readonly isActive: boolean;
}

/** Looks at units; what somebody else wrote, or has changed, is a Problem unless --force was given. */
export async function seeUnits(
  names: readonly string[],
  place: Systemd,
  { flags }: Invocation,
): Promise<Result<readonly UnitSeen[], readonly Problem[]>> {
  try {
    const seen = await Promise.all(names.map((name) => see(name, place)));
    const problems = flags.force ? [] : seen.flatMap((each) => refusal(each, place));
    return problems.length > 0 ? fail(problems) : ok(seen);
  } catch (error) {
    return fail([problem('unit-unreadable', messageOf(error), 'see who has put it there; stackctl replaces nothing of that kind')]);
  }
}

async function see(name: string, place: Systemd): Promise<UnitSeen> {
  const text = await place.read(name);
  if (text === undefined) return { name, text, isEnabled: false, isActive: false };
  const [isEnabled, isActive] = await Promise.all([place.isEnabled(name), place.isActive(name)]);
  return { name, text, isEnabled, isActive };
}

function refusal({ name, text }: UnitSeen, place: Systemd): Problem[] {
  const from = text === undefined ? 'own' : origin(text);
  if (from === 'own') return [];
  const what = from === 'changed' ? 'has been changed since stackctl wrote it' : 'was not written by stackctl';
  const hint = `keep changes in a drop-in (systemctl edit ${name}); or give --force, and it is lost`;
  return [problem(`unit-${from}`, `${place.pathOf(name)} ${what}`, hint)];
}

const problem = (code: string, message: string, hint: string): Problem => ({ code, severity: 'error', message, hint });
