import { writeAtomically } from '../adapters/atomic-file.ts';
import { nodeFs, type Fs } from '../adapters/fs.ts';
import { readOwnFile } from '../adapters/own-file.ts';
import { sha256 } from '../lib/hash.ts';
import { messageOf } from '../lib/message-of.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Plan } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import type { Vault } from '../model/vault.ts';
import type { Wanted } from '../platform/journal.ts';
import type { StackRequest } from '../spec/read-stack.ts';
import { unknownSeals } from './unknown-seals.ts';

const formatVersion = '1.1';

/** A plan on disk: applied exactly as it stands, or refused. Holds seals, never a sensitive value. */
export interface SavedPlan {
  readonly format_version: typeof formatVersion;
  /** Over all below but who wrote it: what somebody edited is not what was shown. */
  readonly checksum: string;
  readonly stackctl: string;
  readonly plan: Plan;
  /** What it brings about, kept with its run: by then the files may say something else. */
  readonly wanted: Wanted;
  /** What to read again for the values behind the seals. The environment is the one of whoever applies. */
  readonly source: Omit<StackRequest, 'environment' | 'cwd'>;
}

/** Writes a plan, mode 0600, as a whole or not at all. */
export async function savePlan(
  path: string,
  saved: Omit<SavedPlan, 'format_version' | 'checksum'>,
  fs: Fs = nodeFs,
): Promise<Result<void, readonly Problem[]>> {
  try {
    const text = JSON.stringify({ format_version: formatVersion, checksum: checksumOf(saved), ...saved });
    await writeAtomically(path, `${text}\n`, { fs });
    return ok(undefined);
  } catch (error) {
    return fail([{ code: 'plan-not-saved', severity: 'error', message: `the plan could not be saved to ${path}: ${messageOf(error)}` }]);
  }
}

/** Reads a plan back. Problems: not there, not a plan, of another version, or not as it was written. */
export async function readPlan(path: string, fs: Fs = nodeFs): Promise<Result<SavedPlan, readonly Problem[]>> {
  const problem = (message: string, hint: string): Result<never, readonly Problem[]> =>
    fail([{ code: 'plan-unreadable', severity: 'error', message, hint }]);
  try {
    const bytes = await readOwnFile(path, fs);
    if (!bytes) return problem(`there is no plan ${path}`, 'make one with: stackctl plan --out FILE');
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    const again = 'make it again with: stackctl plan --out FILE';
    const version = versionOf(value);
    if (version === undefined) return problem(`${path} is not a plan of stackctl`, again);
    if (version !== formatVersion)
      return problem(`${path} is a plan of format ${version}, and this stackctl reads ${formatVersion}`, again);
    if (!isSavedPlan(value)) return problem(`${path} is not as stackctl plan wrote it: it was edited or damaged`, again);
    if (value.checksum !== checksumOf(value)) return problem(`${path} is not as stackctl plan wrote it: it was edited or damaged`, again);
    return ok(value);
  } catch (error) {
    return problem(`the plan ${path} cannot be read: ${messageOf(error)}`, 'make one with: stackctl plan --out FILE');
  }
}

const checksumOf = ({ plan, wanted, source }: Pick<SavedPlan, 'plan' | 'wanted' | 'source'>): string =>
  sha256(JSON.stringify([plan, wanted, source]));

const versionOf = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null && 'format_version' in value && typeof value.format_version === 'string'
    ? value.format_version
    : undefined;

const isSavedPlan = (value: unknown): value is SavedPlan =>
  typeof value === 'object' && value !== null && 'checksum' in value && 'plan' in value && 'wanted' in value && 'source' in value;

/** Each sensitive value of the plan that is not what its source gives now. */
export const changedSecrets = ({ plan }: Pick<SavedPlan, 'plan'>, vault: Vault): Problem[] =>
  unknownSeals(new Map(plan.steps.map(({ id, action }) => [`"${id}"`, action.args])), vault).map(({ path, owner }) => ({
    code: 'secret-changed',
    severity: 'error',
    message: `the sensitive value ${path} (of ${owner}) is not what it was when the plan was made`,
    hint: 'make the plan again',
  }));
