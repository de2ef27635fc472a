import { describe, expect, it } from 'vitest';
import { restoreImages } from '../../src/commands/restore-images.ts';
import { secretProblems } from '../../src/commands/restore.ts';
import { wantedOf } from '../../src/commands/wanted.ts';
import { createVault } from '../../src/model/vault.ts';
import { plainOptions } from '../../src/plan/options.ts';
import type { KnownImage } from '../../src/platform/journal.ts';
import { desired, image, observed, service } from '../kit/builders.ts';

const vaultKey = '00'.repeat(16);
const vault = createVault(vaultKey);
const digest = `sha256:${'ab'.repeat(32)}`;
const id = `sha256:${'cd'.repeat(32)}`;

/** How a service of this image comes back, where the engine has and the registry gives these. */
async function restored(
  known: KnownImage | undefined,
  world: { readonly here?: readonly string[]; readonly inRegistry?: readonly string[] },
) {
  const { here = [], inRegistry = [] } = world;
  const asked: string[] = [];
  const wanted = wantedOf({ desired: desired({ services: [service('web')] }), vault, profiles: [] }, plainOptions);
  const engine = {
    glance: () => Promise.resolve(observed({ images: Object.fromEntries(here.map((name) => [name, { ...image(name), id }])) })),
    remoteDigest: (name: string) => {
      asked.push(name);
      return inRegistry.includes(name) ? Promise.resolve(digest) : Promise.reject(new Error('unreachable'));
    },
  };
  const revision = { number: 7, wanted, images: known ? { 'nginx:1': known } : {} };
  const { desired: back, problems } = await restoreImages(revision, engine, AbortSignal.timeout(5_000));
  expect(asked.filter((name) => !/@sha256:/.test(name))).toEqual([]); // no registry knows an id
  return { pinned: back.services['web']?.pinned, problems: problems.map(({ code, message }) => `${code}: ${message}`) };
}

describe('the image of a revision', () => {
  const pulled = { id, digests: ['other/nginx@sha256:00', `nginx@${digest}`] };

  it.each([
    ['by digest, if it is here under it', pulled, { here: [`nginx:1@${digest}`, id] }, `nginx:1@${digest}`],
    ['by id, if its digest is not known here any more', pulled, { here: [id] }, id],
    ['by digest, to be pulled, if it is gone', pulled, { inRegistry: [`nginx:1@${digest}`] }, `nginx:1@${digest}`],
    ['by id, if it was built here', { id, digests: [] }, { here: [id] }, id],
    ['by id, if its digest is that of another repository', { id, digests: [`other/nginx@${digest}`] }, { here: [id] }, id],
  ])('is pinned %s', async (_how, known, world, pinned) => expect(await restored(known, world)).toEqual({ pinned, problems: [] }));

  it.each<[string, KnownImage | undefined, RegExp]>([
    ['its registry does not give it', pulled, /^image-gone: the image nginx:1 of run 7 is not here .*and its registry does not give it/],
    ['it was built here', { id, digests: [] }, /^image-gone: .*it was built or loaded here, so no registry has it/],
    ['nobody wrote it down', undefined, /^image-gone: .*nobody wrote down which one it was/],
  ])('that is gone is a problem where %s', async (_how, known, message) => {
    const { pinned, problems } = await restored(known, {});
    expect(pinned).toBeUndefined();
    expect(problems.join('\n')).toMatch(message);
  });
});

describe('what a revision asks for', () => {
  const own = `redis:7@sha256:${'ef'.repeat(32)}`;
  const volumes = [
    { type: 'image' as const, source: 'nginx:1', target: '/pages', read_only: true },
    { type: 'image' as const, source: 'gone:1', target: '/gone', read_only: true },
    { type: 'volume' as const, source: 'shop_data', target: '/data', read_only: false },
  ];
  const back = async (services: Parameters<typeof desired>[0], here: readonly string[], images: Record<string, KnownImage>) => {
    const asked: string[][] = [];
    const engine = {
      glance: (touches: readonly { readonly name: string }[]) => {
        asked.push(touches.map(({ name }) => name));
        return Promise.resolve(observed({ images: Object.fromEntries(here.map((name) => [name, { ...image(name), id }])) }));
      },
      remoteDigest: () => Promise.reject(new Error('unreachable')),
    };
    const wanted = wantedOf({ desired: desired(services), vault, profiles: [] }, plainOptions);
    return { asked, ...(await restoreImages({ number: 7, wanted, images }, engine, AbortSignal.timeout(5_000))) };
  };

  it('has its own digest already, which need not have been written down', async () => {
    const services = [service('db', { settings: { image: own } })];
    const one = await back({ services }, [own], {});
    expect([one.asked, one.desired.services['db']?.pinned, one.problems]).toEqual([[[own]], own, []]);
    const byId = await back({ services }, [id], { [own]: { id, digests: [] } });
    expect([byId.asked, byId.desired.services['db']?.pinned]).toEqual([[[own, id]], id]);
    const gone = await back({ services }, [], {});
    expect(gone.problems).toEqual([
      {
        code: 'image-gone',
        severity: 'error',
        message: `the image ${own} of run 7 is not here any more (nobody wrote down which one it was)`,
        hint: 'bring that very image back (docker load, docker pull), or go back to another run',
      },
    ]);
  });

  it('mounts the images that it mounted, and no other volume is changed', async () => {
    const services = [service('web', { settings: { volumes } })];
    const found = await back({ services }, [id], { 'nginx:1': { id, digests: [] } });
    expect(found.desired.services['web']?.settings.volumes).toEqual([{ ...volumes[0], source: id }, volumes[1], volumes[2]]);
  });

  it('pulls nothing newer, and nothing at all where that was forbidden', async () => {
    const policies = ['always', 'missing', 'never'] as const;
    const services = policies.map((pullPolicy) => service(pullPolicy, { pullPolicy }));
    const found = await back({ services }, [id], { 'nginx:1': { id, digests: [] } });
    expect(policies.map((name) => found.desired.services[name]?.pullPolicy)).toEqual(['missing', 'missing', 'never']);
  });

  it('asks no engine for nothing', async () => {
    expect((await back({ services: [] }, [], {})).asked).toEqual([]);
    expect((await back({ services: [service('web')] }, [], {})).asked).toEqual([]);
  });

  it('says what is gone: which image it was', async () => {
    const services = [service('web')];
    const message = async (known: KnownImage) => (await back({ services }, [], { 'nginx:1': known })).problems[0]?.message;
    expect(await message({ id, digests: [`nginx@${digest}`] })).toBe(
      `the image nginx:1 of run 7 is not here any more (it was nginx@${digest}), and its registry does not give it`,
    );
    expect(await message({ id, digests: [] })).toBe(
      `the image nginx:1 of run 7 is not here any more (it was ${id}), and it was built or loaded here, so no registry has it`,
    );
  });
});

describe('sensitive values of a revision', () => {
  const web = service('web', { settings: { environment: { DB_PASSWORD: vault.text('DB_PASSWORD', 'hunter22') } } });
  const wanted = wantedOf({ desired: desired({ services: [web] }), vault, profiles: [] }, plainOptions);

  it('that were read again are no problem', () => expect(secretProblems({ number: 7, wanted }, vault)).toEqual([]));

  it('that are not what they were are named, each', () => {
    const now = createVault(vaultKey);
    now.text('DB_PASSWORD', 'hunter33');
    expect(secretProblems({ number: 7, wanted }, now).map(({ message }) => message)).toEqual([
      'the sensitive value environment.DB_PASSWORD of service web is not what it was in run 7',
    ]);
  });
});
