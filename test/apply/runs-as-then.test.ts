import { expect, it } from 'vitest';
import { runsAsThen } from '../../src/apply/runs-as-then.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';
import { observed, seen, service, state } from '../kit/builders.ts';

type Status = SeenContainer['state']['status'];

const web = (status: Status, more: Partial<Omit<SeenContainer, 'settings' | 'state'>> = {}, exitCode = 0): SeenContainer =>
  seen(service('web'), { state: state(status, { exitCode }), ...more });

const ids = (then: SeenContainer, now: SeenContainer, jobs: readonly string[] = []): string[] =>
  runsAsThen(observed({ containers: [then] }), observed({ containers: [now] }), jobs).map(({ id }) => id.replace(' shop-web-1', ''));

it.each<[Status, Status, readonly string[]]>([
  ['running', 'exited', ['again container.start']],
  ['running', 'created', ['again container.start']],
  ['restarting', 'dead', ['again container.start']],
  ['paused', 'exited', ['again container.start', 'again container.pause']],
  ['exited', 'running', ['again container.stop']],
  ['paused', 'running', ['again container.pause']],
  ['running', 'paused', ['again container.unpause']],
  ['exited', 'paused', ['again container.unpause', 'again container.stop']],
  ['running', 'restarting', []],
  ['exited', 'created', []],
  ['paused', 'paused', []],
])('what was %s and is %s is brought there by %j', (then, now, actions) => expect(ids(web(then), web(now))).toEqual(actions));

it('is about the same container only: by its id, or by the run that was to make it', () => {
  expect(ids(web('running'), web('exited', { id: 'another' }))).toEqual([]);
  expect(ids(web('running', { id: 'made:x', run: 'run-1' }), web('exited', { id: 'f00', run: 'run-1' }))).toEqual([
    'again container.start',
  ]);
  expect(ids(web('running', { id: 'made:x', run: 'run-1' }), web('exited', { id: 'f00', run: 'run-2' }))).toEqual([]);
  expect(ids(web('running', { id: 'made:x' }), web('exited', { id: 'f00' }))).toEqual([]);
  expect(ids(web('running', { id: 'kept', run: 'run-1' }), web('exited', { id: 'f00', run: 'run-1' }))).toEqual([]);
  expect(runsAsThen(observed({ containers: [web('running')] }), observed(), [])).toEqual([]);
  expect(runsAsThen(observed({ containers: [web('running')] }), observed(), ['web'])).toEqual([]);
});

it('leaves a job alone that has done its work or was not at it, and starts one again that was cut off', () => {
  expect(ids(web('running'), web('exited', {}, 0), ['web'])).toEqual([]);
  expect(ids(web('exited'), web('running', {}, 1), ['web'])).toEqual([]);
  expect(ids(web('running'), web('exited', {}, 137), ['web'])).toEqual(['again container.start']);
  expect(ids(web('running'), web('exited', {}, 0), ['other'])).toEqual(['again container.start']);
});

it('each step after the one before it, and after those with whom its container shares', () => {
  const sharing = (settings: Partial<Settings>) => service('api', { settings });
  const api = sharing({ network_mode: 'service:web' });
  const [then, now] = (['paused', 'exited'] as const).map((status) =>
    observed({ containers: [seen(api, { state: state(status) }), web(status)] }),
  ) as [ReturnType<typeof observed>, ReturnType<typeof observed>];
  const steps = runsAsThen(then, now, []);
  expect(steps.map(({ id, after, service: of }) => [id, after, of])).toEqual([
    ['again container.start shop-api-1', ['again container.pause shop-web-1'], 'api'],
    ['again container.pause shop-api-1', ['again container.start shop-api-1'], 'api'],
    ['again container.start shop-web-1', [], 'web'],
    ['again container.pause shop-web-1', ['again container.start shop-web-1'], 'web'],
  ]);
  const [up, down] = (['running', 'exited'] as const).map((status) =>
    observed({ containers: [seen(api, { state: state(status) }), web(status)] }),
  );
  expect(runsAsThen(up!, down!, [])[0]?.after).toEqual(['again container.start shop-web-1']);
  expect(steps[0]).toMatchObject({ stage: 'build', because: 'it ran as long as the engine did', onFailure: 'continue' });
  // A container of somebody else that is called like a service is no service
  const foreign = seen(sharing({ network_mode: 'container:web' }), { state: state('running') });
  const cut = { ...foreign, state: state('exited') };
  const [apart] = runsAsThen(observed({ containers: [foreign, web('running')] }), observed({ containers: [cut, web('exited')] }), []);
  expect([apart?.id, apart?.after]).toEqual(['again container.start shop-api-1', []]);
  // With whom nothing is to be done need not be waited for
  const onlyApi = observed({ containers: [seen(api, { state: state('exited') }), web('paused')] });
  expect(runsAsThen(then, onlyApi, []).map(({ after }) => after)[0]).toEqual([]);
});

it('starts with the hooks that the container was made with', () => {
  const hooked = service('web', { settings: { post_start: [{ command: ['warm-up'] }] } });
  const known = { edited: [] };
  const [then, now] = (['running', 'exited'] as const).map((status) => seen(hooked, { state: state(status), ...known }));
  const [step] = runsAsThen(observed({ containers: [then!] }), observed({ containers: [now!] }), []);
  expect(step?.action.args).toMatchObject({ name: 'shop-web-1', id: now!.id, hooks: { post_start: [{ command: ['warm-up'] }] } });
});
