import type { Revision } from '../apply/revisions.ts';
import { anySignal } from '../lib/any-signal.ts';
import { keyedHash } from '../lib/hash.ts';
import { get, names } from '../lib/record.ts';
import { fail, ok, type Result } from '../lib/result.ts';
import type { Desired } from '../model/desired.ts';
import type { Problem } from '../model/problem.ts';
import type { Vault } from '../model/vault.ts';
import { contentOf } from '../spec/file-answer.ts';
import { readFiles } from '../spec/read-files.ts';
import type { Invocation } from './command.ts';
import { engineProblem } from './engine-problem.ts';
import type { OpenStack } from './open-stack.ts';
import { restoreImages } from './restore-images.ts';
import { isError } from './screen.ts';
import { unknownSeals } from './unknown-seals.ts';
import { withMounts } from './wanted.ts';

const askMs = 60_000;

/**
 * The stack as a revision wanted it, in place of what its files say now. `opened` must have been read under the key of that revision.
 * Problems: sensitive values, files and images that are not what they were, or are gone.
 */
export async function restore(
  opened: OpenStack,
  revision: Revision,
  { cancel }: Invocation,
): Promise<Result<OpenStack, readonly Problem[]>> {
  const { setup, choice } = opened;
  const { stack, platform } = setup;
  const files = await restoreFiles(revision, stack.vault);
  try {
    const images = await restoreImages(revision, platform.engine, anySignal([cancel, AbortSignal.timeout(askMs)]));
    const problems = [...secretProblems(revision, stack.vault), ...files.problems, ...images.problems];
    if (problems.some(isError)) return fail(problems);
    const { timeoutMs, rollbackTimeoutMs } = choice.settings;
    const desired: Desired = {
      ...withMounts(images.desired, (mount) => {
        const content = get(files.contents, mount.source);
        return content === undefined || mount.type !== 'bind' || !mount.read_only ? mount : { ...mount, content };
      }),
      // Who declares it is who asks for it now
      files: stack.desired.files,
      workingDir: stack.desired.workingDir,
      helperImage: stack.desired.helperImage,
      ...(timeoutMs.by === 'flag' && { timeoutMs: timeoutMs.value }),
      ...(rollbackTimeoutMs.by === 'flag' && rollbackTimeoutMs.value !== undefined && { rollbackTimeoutMs: rollbackTimeoutMs.value }),
    };
    return ok({ ...opened, setup: { ...setup, stack: { ...stack, desired, warnings: problems } } });
  } catch (error) {
    return fail([engineProblem(error)]);
  }
}

/** Each sensitive value that its source does not give any more. */
export function secretProblems({ number, wanted }: Pick<Revision, 'number' | 'wanted'>, vault: Vault): Problem[] {
  const { services, networks, volumes } = wanted.desired;
  const parts = [
    ...names(services).map((name) => [`service ${name}`, services[name]] as const),
    ...names(networks).map((name) => [`network ${name}`, networks[name]] as const),
    ...names(volumes).map((name) => [`volume ${name}`, volumes[name]] as const),
  ];
  return parts.flatMap(([owner, part]) =>
    unknownSeals(new Map([[owner, part]]), vault).map(({ path }) => ({
      code: 'secret-changed',
      severity: 'error' as const,
      message: `the sensitive value ${path.replace(/^settings\./, '')} of ${owner} is not what it was in run ${number}`,
      hint: 'sensitive values are not kept: put the former one back where it is read from, or change the stack file and apply',
    })),
  );
}

interface RestoredFiles {
  readonly contents: { readonly [path: string]: string };
  readonly problems: readonly Problem[];
}

/** Files of the host are no part of a revision: they are mounted as they are now. */
async function restoreFiles({ number, wanted }: Revision, vault: Vault): Promise<RestoredFiles> {
  const paths = names(wanted.contents);
  const files = await readFiles(paths);
  const contents: Record<string, string> = {};
  const problems = paths.flatMap((path): Problem[] => {
    const content = contentOf(files, path);
    if (content === undefined) {
      const message = `the file ${path}, which run ${number} mounted, cannot be read any more`;
      return [{ code: 'file-missing', severity: 'error', message, hint: 'put it back, or go back to another run' }];
    }
    contents[path] = content;
    if (keyedHash(vault.key, content) === get(wanted.contents, path)) return [];
    const message = `the mounted file ${path} is not what it was in run ${number}; it is mounted as it is now`;
    return [{ code: 'content-changed', severity: 'warning', message }];
  });
  return { contents, problems };
}
