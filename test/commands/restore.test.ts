import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Revision } from '../../src/apply/revisions.ts';
import { restore, secretProblems } from '../../src/commands/restore.ts';
import { wantedOf } from '../../src/commands/wanted.ts';
import { createVault } from '../../src/model/vault.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { desired, image, network, observed, service, volume } from '../kit/builders.ts';
import { memoryEngine } from '../kit/memory-engine.ts';
import { opened } from '../kit/opened.ts';
import { folderWith, invocation } from './kit.ts';

const vaultKey = '00'.repeat(16);
const vault = createVault(vaultKey);

/** The stack as run 7 wanted it, with these files mounted, and what its files say now. */
async function back(
  files: { readonly [name: string]: string },
  more: { readonly readOnly?: boolean; readonly type?: 'bind' | 'volume' } = {},
) {
  const folder = await folderWith(files);
  const volumes = Object.entries(files).map(([name, content]) => ({
    type: more.type ?? ('bind' as const),
    source: join(folder, name),
    target: `/etc/${name}`,
    read_only: more.readOnly ?? true,
    content,
  }));
  const then = desired({
    services: [service('web', { settings: { volumes } })],
    files: ['/old.yaml'],
    workingDir: '/old',
    timeoutMs: 1,
    rollbackTimeoutMs: 2,
  });
  const wanted = wantedOf({ desired: then, vault, profiles: [] }, plainOptions);
  const revision: Revision = { number: 7, at: 'noon', wanted, vaultKey, images: { 'nginx:1': { id: image('nginx:1').id, digests: [] } } };
  const now = opened(desired(), memoryEngine(observed()), folder, vaultKey);
  const call = invocation('rollback 7', { cwd: '/' });
  return { folder, revision, now, call, restored: (from = now) => restore(from, revision, call) };
}

describe('a stack as a revision wanted it', () => {
  it('is what that run wanted, asked for by the files of now, with the files of the host as they are', async () => {
    const { folder, now, restored } = await back({ 'site.conf': 'listen 80' });
    const found = await restored();
    if (!found.ok) throw new Error('it was refused');
    const { stack } = found.value.setup;
    expect(stack.desired).toMatchObject({ files: now.setup.stack.desired.files, workingDir: folder, timeoutMs: 1, rollbackTimeoutMs: 2 });
    expect(stack.desired.services['web']).toMatchObject({
      pinned: image('nginx:1').id,
      settings: { volumes: [{ source: join(folder, 'site.conf'), content: 'listen 80' }] },
    });
    expect([stack.warnings, stack.vault]).toEqual([[], now.setup.stack.vault]);
  });

  it('only tells of a mounted file that is another one now: it is mounted as it is', async () => {
    const { folder, revision, now, call } = await back({ 'site.conf': 'listen 80' });
    const path = join(folder, 'site.conf');
    const found = await restore(now, { ...revision, wanted: { ...revision.wanted, contents: { [path]: 'another' } } }, call);
    expect(found).toMatchObject({
      ok: true,
      value: {
        setup: {
          stack: {
            warnings: [
              {
                code: 'content-changed',
                severity: 'warning',
                message: `the mounted file ${path} is not what it was in run 7; it is mounted as it is now`,
              },
            ],
          },
        },
      },
    });
  });

  it('says nothing of the content of what a container may write to, or that is no file of the host', async () => {
    for (const more of [{ readOnly: false }, { type: 'volume' as const }]) {
      const { restored } = await back({ 'site.conf': 'listen 80' }, more);
      const found = await restored();
      expect(found.ok && found.value.setup.stack.desired.services['web']?.settings.volumes?.[0]).not.toHaveProperty('content');
    }
  });

  it('stops at a mounted file that is gone', async () => {
    const { folder, revision, now, call } = await back({});
    const path = join(folder, 'gone.conf');
    expect(await restore(now, { ...revision, wanted: { ...revision.wanted, contents: { [path]: 'x' } } }, call)).toEqual({
      ok: false,
      error: [
        {
          code: 'file-missing',
          severity: 'error',
          message: `the file ${path}, which run 7 mounted, cannot be read any more`,
          hint: 'put it back, or go back to another run',
        },
      ],
    });
    await chmod(folder, 0o700);
  });

  it('stops at an image that is gone, and at an engine that does not answer', async () => {
    const { revision, now, call } = await back({});
    expect(await restore(now, { ...revision, images: {} }, call)).toMatchObject({
      ok: false,
      error: [{ code: 'image-gone', severity: 'error' }],
    });
    const glance = () => Promise.reject(new EngineError('unreachable', 'No engine is running there'));
    const deaf = opened(desired(), { ...memoryEngine(observed()), glance }, '/', vaultKey);
    expect(await restore(deaf, revision, call)).toMatchObject({ ok: false, error: [{ code: 'engine-unreachable' }] });
  });

  it('has the deadlines of that run, unless flags say otherwise', async () => {
    const { now, restored } = await back({});
    const settings = { ...now.choice.settings, timeoutMs: { value: 7_000, by: 'flag' }, rollbackTimeoutMs: { value: 8_000, by: 'flag' } };
    const found = await restored({ ...now, choice: { ...now.choice, settings } } as typeof now);
    expect(found).toMatchObject({ ok: true, value: { setup: { stack: { desired: { timeoutMs: 7_000, rollbackTimeoutMs: 8_000 } } } } });
    const none = { ...settings, rollbackTimeoutMs: { value: undefined, by: 'flag' } };
    const usual = await restored({ ...now, choice: { ...now.choice, settings: none } } as unknown as typeof now);
    expect(usual).toMatchObject({ ok: true, value: { setup: { stack: { desired: { timeoutMs: 7_000, rollbackTimeoutMs: 2 } } } } });
  });
});

it('names each sensitive value that its source does not give any more, of services, networks and volumes', () => {
  const [token, user] = [vault.seal('a'), vault.seal('b')];
  const wanted = wantedOf(
    {
      desired: desired({
        services: [service('web', { settings: { environment: { TOKEN: token } } })],
        networks: [network('default', { labels: { token } })],
        volumes: [volume('data', { driverOptions: { user } })],
      }),
      vault,
      profiles: [],
    },
    plainOptions,
  );
  expect(secretProblems({ number: 7, wanted }, vault)).toEqual([]);
  const problem = (what: string) => ({
    code: 'secret-changed',
    severity: 'error',
    message: `the sensitive value ${what} is not what it was in run 7`,
    hint: 'sensitive values are not kept: put the former one back where it is read from, or change the stack file and apply',
  });
  expect(secretProblems({ number: 7, wanted }, createVault(vaultKey))).toEqual([
    problem('environment.TOKEN of service web'),
    problem('labels.token of network default'),
    problem('driverOptions.user of volume data'),
  ]);
});
