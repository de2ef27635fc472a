import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Vault } from '../../src/model/vault.ts';
import type { Engine } from '../../src/platform/engine.ts';
import { buildsOf } from './builds.ts';
import { image } from './contract-kit.ts';
import { startPrivateRegistry } from './private-registry.ts';

/** What only BuildKit builds; an engine that has the classic builder alone has to say so. */
export function buildKitContract(world: { readonly engine: Engine; readonly vault: Vault }): void {
  const { built, printed, hasBuildKit } = buildsOf(world);

  const modern = [
    `FROM ${image} AS base`,
    'RUN busybox echo from-base > /given',
    'FROM base',
    'RUN --mount=type=cache,target=/kept --mount=type=tmpfs,target=/gone --mount=type=bind,from=base,source=/given,target=/bound <<EOF',
    '  busybox cat /bound > /list',
    '  busybox echo > /kept/x; busybox echo > /gone/x',
    'EOF',
    'COPY --chmod=0640 file /file',
    'COPY <<EOF /inline',
    'inline',
    'EOF',
    'RUN busybox cat /inline >> /list && busybox stat -c %a /file >> /list && ! busybox test -e /kept/x && ! busybox test -e /gone/x',
  ].join('\n');

  test('builds what only BuildKit knows: mounts, heredocs, COPY --chmod; the classic builder says what it needs', async () => {
    const build = built({ dockerfile: modern, files: { file: '' } });
    if (!(await hasBuildKit())) {
      await expect(build).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringMatching(/unknown instruction: BUSYBOX .*this needs BuildKit: Docker 23 or newer/),
      });
      return;
    }
    expect((await build).join('\n')).toMatch(
      /\[stage-1 1\/\d\] RUN --mount=type=cache[^]*\[stage-1 \d\/\d\] COPY --chmod=0640 file \/file/,
    );
    expect(await printed('cat', '/list')).toEqual(['from-base', 'inline', '640']);
  }, 90_000);

  test('a failed step is told by its name, with what it printed last; a base image that is not there too', async () => {
    if (!(await hasBuildKit())) return;
    const lines = Array.from({ length: 12 }, (_, i) => `busybox echo line ${i + 1}`).join('; ');
    const dockerfile = `FROM ${image}\nRUN ${lines}; busybox printf 'hunter2, broken' >&2; exit 7\n`;
    world.vault.seal('hunter2');
    await expect(built({ dockerfile })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/^\[2\/2\] RUN busybox echo line 1; .* failed: exit code: 7$/),
      log: [...Array.from({ length: 9 }, (_, i) => `line ${i + 4}`), '(sensitive), broken'],
    });
    await expect(built({ dockerfile: `FROM ${image}\nCOPY gone /\n` })).rejects.toMatchObject({
      message: '[2/2] COPY gone / failed: "/gone" is not there, or .dockerignore leaves it out',
    });
    await expect(built({ dockerfile: 'FROM registry.invalid/no/such:1\n' })).rejects.toMatchObject({
      message: expect.stringContaining('registry.invalid/no/such:1'),
    });
    await expect(built({ dockerfile: `FROM ${image}\nRUNN x\n` })).rejects.toMatchObject({
      message: expect.stringMatching(/line 2: unknown instruction: RUNN/),
    });
  }, 90_000);

  test('gives a secret to the step that asks for it, and to nothing else', async () => {
    const dockerfile = `FROM ${image}\nRUN --mount=type=secret,id=token,required=true busybox sha256sum < /run/secrets/token > /sum\n`;
    const secrets = { token: world.vault.seal('of the build\nzwölf') };
    const build = built({ dockerfile, more: { secrets } });
    if (!(await hasBuildKit())) return void (await expect(build).rejects.toMatchObject({ code: 'refused' }));
    await build;
    expect(await printed('cat', '/sum')).toEqual([expect.stringMatching(/^[0-9a-f]{64} {2}-$/)]);
    expect(await printed('ls', '/run/secrets')).not.toContain('token');
    await expect(built({ dockerfile: dockerfile.replaceAll('token', 'other'), more: { secrets } })).rejects.toMatchObject({
      message: expect.stringMatching(/secret other: not found/),
    });
  }, 90_000);

  test('logs in at the registry of a base image, and at no other', async () => {
    if (!(await hasBuildKit())) return;
    await using registry = await startPrivateRegistry();
    const folder = await mkdtemp(join(tmpdir(), 'adp-login-'));
    vi.stubEnv('DOCKER_CONFIG', folder);
    try {
      const auth = (login: string) => ({ auth: Buffer.from(login).toString('base64') });
      const auths = { [registry.host]: auth('me:of this one'), 'registry.invalid': auth('me:of another') };
      await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }));
      await expect(built({ dockerfile: `FROM ${registry.host}/private/base:1\n` })).rejects.toMatchObject({
        message: expect.stringContaining(`${registry.host}/private/base:1`),
      });
      expect([...registry.logins]).toEqual(['me:of this one']);
    } finally {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true });
    }
  }, 60_000);

  test('an aborted build ends, on the engine too', async () => {
    if (!(await hasBuildKit())) return;
    const stop = new AbortController();
    const notes: string[] = [];
    const dockerfile = `FROM ${image}\nRUN --mount=type=cache,target=/beat,id=adp-beat busybox echo begun; while :; do busybox date +%s%N > /beat/last; busybox usleep 50000; done\n`;
    const build = built({ dockerfile, signal: stop.signal }, notes).catch((error: unknown) => error);
    await expect.poll(() => notes, { timeout: 30_000 }).toContain('begun');
    stop.abort();
    expect(await build).toMatchObject({ name: 'EngineError', code: 'timeout' });
    const read = `FROM ${image}\nRUN --mount=type=cache,target=/beat,id=adp-beat busybox echo beat $(busybox cat /beat/last)\n`;
    const beat = async (): Promise<string | undefined> => (await built({ dockerfile: read })).find((note) => note.startsWith('beat '));
    let last = await beat();
    await expect.poll(async () => [last, (last = await beat())], { timeout: 30_000 }).toSatisfy(([a, b]: string[]) => a === b);
  }, 90_000);
}
