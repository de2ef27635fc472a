import { describe, expect, it } from 'vitest';
import { frozenProblems, pinnedBy } from '../../src/commands/open-locked.ts';
import { resolveLock } from '../../src/commands/resolve-lock.ts';
import { plan } from '../../src/plan/plan.ts';
import { EngineError } from '../../src/platform/engine-error.ts';
import { desired, image, observed, service } from '../kit/builders.ts';

const [held, moved] = [`sha256:${'ab'.repeat(32)}`, `sha256:${'cd'.repeat(32)}`];
const build = { context: '/srv', dockerfile: '/srv/Dockerfile', args: {} };
const web = service('web');
const wants = desired({ services: [web, service('own', { settings: { image: 'shop-own' }, build })] });
const pinned = `nginx:1@${held}`;

describe('a stack with a lock file', () => {
  it('has the locked images for their references, and builds what is built here', () => {
    const { services } = pinnedBy({ 'nginx:1': { digest: held }, 'shop-own': { id: moved } }, wants);
    expect([services['web']?.pinned, services['own']?.pinned]).toEqual([pinned, undefined]);
    expect(pinnedBy({ 'nginx:1': { id: held } }, wants).services['web']?.pinned).toBe(held);
    expect(pinnedBy({}, wants)).toEqual(wants);
  });

  it('says in the plan that a tag has moved, and pulls nothing for it', () => {
    const only = pinnedBy({ 'nginx:1': { digest: held } }, desired({ services: [web] }));
    const images = { [pinned]: { ...image('nginx:1'), inRegistry: 'newer' as const, registryDigest: moved } };
    const { problems, steps } = plan(only, observed({ images }));
    expect(problems).toMatchObject([
      {
        severity: 'warning',
        message: `nginx:1 now means ${moved}; stack.lock.yaml holds ${held}`,
        hint: 'stackctl lock takes it over',
      },
    ]);
    expect(steps.map(({ id }) => id)[0]).toBe('container.create shop-web-1');
  });

  it('stops where a locked id is not here: no registry could give it', () => {
    const only = pinnedBy({ 'nginx:1': { id: held } }, desired({ services: [web] }));
    expect(plan(only, observed())).toMatchObject({ steps: [], problems: [{ code: 'image-missing', severity: 'error' }] });
  });
});

describe('--frozen', () => {
  const codes = (...call: Parameters<typeof frozenProblems>): string[] =>
    frozenProblems(...call).map(({ code, severity, message }) => `${severity} ${code}: ${message}`);

  it('refuses where there is no lock file', () =>
    expect(codes(wants, undefined)).toMatchObject([/^error lock-missing/].map((form) => expect.stringMatching(form) as string)));

  it('refuses an image that is not locked, but for what is built here or has its own digest', () => {
    const more = desired({ services: [...Object.values(wants.services), service('own2', { settings: { image: pinned } })] });
    expect(codes(more, {})).toEqual([
      'error lock-incomplete: stack.lock.yaml does not have the image nginx:1 of web, and --frozen wants every image to be locked',
    ]);
  });

  it('only tells of what nobody uses any more', () =>
    expect(codes(wants, { 'nginx:1': { digest: held }, 'redis:6': { digest: held } })).toEqual([
      'warning lock-unused: stack.lock.yaml has redis:6, which no service uses any more',
    ]));
});

describe('what is locked', () => {
  const here = { 'nginx:1': { ...image('nginx:1'), digests: [`nginx@${held}`] }, 'shop-own': image('shop-own') };
  const engine = (remote: string | undefined) => ({
    glance: () => Promise.resolve(observed({ images: here })),
    remoteDigest: (): Promise<string> =>
      remote === undefined ? Promise.reject(new EngineError('unreachable', 'no answer')) : Promise.resolve(remote),
  });
  const resolved = (remote?: string) =>
    resolveLock(['nginx:1', 'shop-own', 'redis:7'], { desired: wants, engine: engine(remote), signal: AbortSignal.timeout(5_000) });

  it('is what the registry says; of what is built here, its id', async () =>
    expect(await resolved(moved)).toEqual({
      images: { 'nginx:1': { digest: moved }, 'shop-own': { id: here['shop-own'].id }, 'redis:7': { digest: moved } },
      missing: [],
    }));

  it('is what is here where the registry does not answer, and missing where nothing is here', async () =>
    expect(await resolved()).toEqual({
      images: { 'nginx:1': { digest: held }, 'shop-own': { id: here['shop-own'].id } },
      missing: ['redis:7'],
    }));
});
