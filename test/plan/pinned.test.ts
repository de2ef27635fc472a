import { describe, expect, it } from 'vitest';
import { containerCreate } from '../../src/actions/container-create.ts';
import { plan } from '../../src/plan/plan.ts';
import { desired, image, observed, seen, service } from '../kit/builders.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const pinned = `nginx:1@${digest}`;
const web = service('web', { pinned, pullPolicy: 'always', build: { context: '/srv', dockerfile: '/srv/Dockerfile', args: {} } });
const wants = desired({ services: [web] });
const [then, moved] = [image('nginx then'), image('nginx moved')];
const stepsOf = (...world: Parameters<typeof observed>): string[] => plan(wants, observed(...world)).steps.map(({ id }) => id);

describe('a service that is pinned to one image', () => {
  it('has it pulled by its digest, and never built, whatever its reference means here', () => {
    expect(stepsOf({ images: { 'nginx:1': moved } })).toEqual([
      `image.pull ${pinned}`,
      'container.create shop-web-1',
      'container.start shop-web-1',
      'service.await shop-web-1',
    ]);
  });

  it('is not pulled for again, though the registry has another one under its tag', () => {
    const images = { 'nginx:1': moved, [pinned]: { ...then, inRegistry: 'newer' as const } };
    expect(stepsOf({ images })[0]).toBe('container.create shop-web-1');
  });

  it('is as wanted when its container has that image, and what it is made of is told by its reference', () => {
    const images = { 'nginx:1': moved, [moved.id]: moved, [pinned]: then, [then.id]: then };
    expect(stepsOf({ images, containers: [seen(web, { from: then })] })).toEqual([]);
    const replaced = plan(wants, observed({ images, containers: [seen(web, { from: moved })] }));
    expect(replaced.changes.flatMap(({ fields }) => fields)).toMatchObject([{ path: 'image', cause: 'image' }]);
    const made = replaced.steps.find(({ action }) => action.kind === containerCreate.kind);
    expect(made?.action.args).toMatchObject({ image: pinned, settings: { image: 'nginx:1' } });
  });

  it('is made from its reference where that means just this image', async () => {
    const made: unknown[] = [];
    const now = observed({ images: { 'nginx:1': moved, [pinned]: then } });
    const [create] = plan(wants, now).steps;
    const engine = { createContainer: (order: unknown) => Promise.resolve((made.push(order), 'ff'.repeat(32))) };
    for (const images of [now.images, { ...now.images, 'nginx:1': then }])
      await containerCreate.run(
        create?.action.args as never,
        { engine, now: { ...now, images }, run: '', remember: () => undefined } as never,
      );
    expect(made).toMatchObject([{ image: pinned, imageId: then.id }, { imageId: then.id }]);
    expect(made[1]).not.toHaveProperty('image');
  });
});
