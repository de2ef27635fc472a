import { describe, expect, it } from 'vitest';
import type { BuildSpec, ServiceSpec } from '../../src/model/desired.ts';
import type { SeenContainer, SeenImage } from '../../src/model/observed.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, image, observed, seen, service } from '../kit/builders.ts';
import { runPlan } from '../kit/runs.ts';

const tools = (more: Partial<SeenImage> = {}): SeenImage => ({ ...image('tools:1'), ...more });
const nginx = image('nginx:1');
const images = (...more: readonly (readonly [string, SeenImage])[]) =>
  Object.fromEntries([['nginx:1', nginx], [nginx.id, nginx], ...more] as (readonly [string, SeenImage])[]);
const kinds = (made: ReturnType<typeof plan>) => made.steps.map(({ id }) => id);

describe('an image that is mounted', () => {
  const mount = { type: 'image', source: 'tools:1', target: '/tools', read_only: true } as const;
  const web = service('web', { settings: { volumes: [mount] } });
  const pinned = (id: string) => seen(web, { settings: { volumes: [{ ...mount, source: id }] } });

  it('is pulled before anything is touched, if it is not here', () => {
    const made = plan(desired({ services: [web] }), observed());
    expect(kinds(made).slice(0, 2)).toEqual(['image.pull tools:1', 'container.create shop-web-1']);
    expect(made.steps[0]).toMatchObject({ stage: 'prepare' });
    expect(kinds(plan(desired({ services: [web] }), observed({ images: images(['tools:1', tools()]) })))).not.toContain(
      'image.pull tools:1',
    );
  });

  it('is a problem where it may not be pulled', () => {
    const wanted = desired({ services: [{ ...web, pullPolicy: 'never' }] });
    expect(plan(wanted, observed())).toMatchObject({
      steps: [],
      problems: [{ code: 'image-missing', severity: 'error', message: expect.stringContaining('tools:1') }],
    });
  });

  it('is built where a service of the stack builds it', () => {
    const build: BuildSpec = { context: '/srv/shop/tools', dockerfile: '/srv/shop/tools/Dockerfile', args: {} };
    const maker = service('maker', { build, settings: { image: 'tools:1' } });
    expect(kinds(plan(desired({ services: [maker, web] }), observed()))).toContain('image.build tools:1');
  });

  it('stays what it is: nothing to do where the name means the same image, also to one that Compose made', () => {
    const there = (have: SeenContainer) =>
      plan(desired({ services: [web] }), observed({ images: images(['tools:1', tools()]), containers: [have] }));
    expect(there(pinned(tools().id)).changes).toEqual([]);
    expect(there(seen(web)).changes).toEqual([]);
    const { edited: _, ...adopted } = pinned(tools().id);
    expect(there(adopted).changes).toEqual([]);
  });

  it('has moved where the name means another one: a new container, because of the image', () => {
    const moved = observed({ images: images(['tools:1', tools()]), containers: [pinned(`sha256:${'a'.repeat(64)}`)] });
    expect(plan(desired({ services: [web] }), moved).changes).toMatchObject([
      { verb: 'replace', cause: 'image', fields: [{ path: 'volumes./tools', have: 'image aaaaaaaaaaaa', cause: 'image' }] },
    ]);
  });

  it('may turn out to be the same after a pull that somebody asked for', async () => {
    const newer = observed({
      images: images(['tools:1', tools({ inRegistry: 'newer' })], [tools().id, tools()]),
      containers: [pinned(tools().id)],
    });
    const made = plan(desired({ services: [web] }), newer);
    expect(made.changes).toMatchObject([
      { verb: 'replace', fields: [{ path: 'volumes./tools', want: '(known after pull)', pending: true }] },
    ]);
    expect(made.steps.find(({ id }) => id.startsWith('container.create'))).toMatchObject({
      unlessImage: { reference: 'tools:1', id: tools().id },
    });
    expect(made.steps.find(({ id }) => id.startsWith('image.pull'))).toMatchObject({ stage: 'prepare' });
  });

  it('is pinned by its id when it is carried out, and then the plan is empty', async () => {
    const wanted = desired({ services: [web] });
    const { result, engine } = await runPlan(plan(wanted, observed()), observed());
    expect(result).toBe('applied');
    const [container] = Object.values(engine.now().containers);
    expect(container?.settings.volumes).toMatchObject([{ type: 'image', source: expect.stringMatching(/^sha256:/), target: '/tools' }]);
    expect(plan(wanted, engine.now()).changes).toEqual([]);
  });
});

describe('platform', () => {
  const here = images(['tools:1', tools({ platform: 'linux/amd64' })]);
  const arm = service('arm', { settings: { image: 'tools:1', platform: 'linux/arm64' } });
  const at = (...services: ServiceSpec[]) => plan(desired({ services }), observed({ images: here }));

  it('of a local image that does not fit has it pulled for the right one', () => {
    const made = at(arm);
    expect(made.steps[0]).toMatchObject({ id: 'image.pull tools:1', action: { args: { image: 'tools:1', platform: 'linux/arm64' } } });
    expect(kinds(at(service('amd', { settings: { image: 'tools:1', platform: 'linux/x86_64' } })))).not.toContain('image.pull tools:1');
  });

  it('goes along with the pull of an image that is not here, also where another service does not care', () => {
    const other = service('a', { settings: { image: 'tools:1' } });
    const made = plan(desired({ services: [other, arm] }), observed());
    expect(made.steps.filter(({ id }) => id.startsWith('image.pull'))).toMatchObject([{ action: { args: { platform: 'linux/arm64' } } }]);
  });

  it('is a problem where it may not be pulled', () => {
    expect(at({ ...arm, pullPolicy: 'never' }).problems).toMatchObject([
      { code: 'image-missing', message: 'image tools:1 is here for linux/amd64, not for linux/arm64, and pull_policy of arm is never' },
    ]);
  });

  it('may be one only for an image', () => {
    expect(at(arm, service('zamd', { settings: { image: 'tools:1', platform: 'linux/amd64' } })).problems).toMatchObject([
      { code: 'two-platforms' },
    ]);
  });

  it('of a build decides whether the local image may stay', () => {
    const build: BuildSpec = { context: '/srv/shop', dockerfile: '/srv/shop/Dockerfile', args: {}, platform: 'linux/arm64' };
    expect(kinds(at(service('made', { build, settings: { image: 'tools:1' } })))).toContain('image.build tools:1');
    expect(kinds(at(service('made', { build: { ...build, platform: 'linux/amd64' }, settings: { image: 'tools:1' } })))).not.toContain(
      'image.build tools:1',
    );
  });

  it('is nothing to do once it is there', () => {
    const fits = tools({ platform: 'linux/arm64/v8' });
    const there = observed({ images: images(['tools:1', fits]), containers: [seen(arm, { imageId: fits.id })] });
    expect(plan(desired({ services: [arm] }), there, plainOptions).changes).toEqual([]);
  });
});
