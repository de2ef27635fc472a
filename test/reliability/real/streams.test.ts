import { test } from 'vitest';
import { startPrivateEngine } from '../../kit/private-engine.ts';
import { startRegistry, type Registry } from '../../kit/registry.ts';
import { healthy, service, stack } from '../../e2e/bad-days/stacks.ts';
import type { Match } from '../../kit/fault-proxy.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import type { NamedFault } from './faulty-answers.ts';
import { judge } from './judge.ts';
import { createStage, run, toReplace, type Stage, type Texts } from './stage.ts';
import { solo } from './texts.ts';

const limits = { withinMs: 60_000 };

const what = 'a pull, a build or an import that fails in its stream';

const says = (body: unknown): NamedFault['1'] => ({ kind: 'respond', status: 200, body });

/** Answers of 200 behind which nothing, or not all, was done. */
const faults: readonly NamedFault[] = [
  ['an error', says({ errorDetail: { message: 'no space left on device' }, error: 'no space left on device' })],
  ['an error without details', says({ error: 'something broke' })],
  ['nothing', says({})],
  ['half of a stream, in chunks', { kind: 'truncated-chunked' }],
  ['half of a stream, as if that were all', { kind: 'short' }],
  ['half of a stream, with a length', { kind: 'truncated-length' }],
  ['a web page', { kind: 'html' }],
  ['no answer', { kind: 'lost-reply' }],
];

interface Streaming {
  /** Sees that the image is not there. */
  without(stage: Stage, version: 1 | 2): Promise<unknown>;
  readonly words: string;
  readonly match: Match;
}

const failing = ({ without, words, match }: Streaming, [said, fault]: NamedFault): Case<Stage> => ({
  name: `${String(match.path)} ${JSON.stringify(said)}.`,
  async run(stage) {
    const goal = await toReplace(stage);
    await without(stage, goal.version === 1 ? 1 : 2);
    stage.rig.proxy.addRule({ ...match, nth: 1, fault });
    const ran = await run(stage, words);
    stage.rig.proxy.clearRules();
    return { cases: 1, violations: await judge(stage, goal, ran, limits) };
  },
});

const unless = (_: unknown): undefined => undefined;

test('pulls', async () => {
  await using base = await createStage(solo);
  await using registry = await startRegistry(base.rig.project.docker);
  registry.put('app:1', { env: ['V=1'] });
  registry.put('app:2', { env: ['V=2'] });
  const texts = pulled(registry);
  const pulling: Streaming = {
    without: ({ rig }, version) => rig.project.docker.getImage(`${registry.host}/app:${version}`).remove({ force: true }).catch(unless),
    words: 'apply --yes',
    match: { method: 'POST', path: /\/images\/create\?fromImage/ },
  };
  const cases = upTo(16, faults).map((fault) => failing(pulling, fault));
  await campaign({ row: 'F11', what, on: 'a real engine', lanes: 1, stage: () => createStage(texts), cases });
  for (const version of [1, 2] as const) await pulling.without(base, version);
});

const pulled =
  ({ host }: Registry): Texts =>
  (version) =>
    stack(service('web', healthy)).replace('stackctl/busybox:1', `${host}/app:${version}`);

/** What a build of 20.10 makes is there at the end only. */
const built: Texts = (version) =>
  stack(service('web', healthy)).replace(
    'image: stackctl/busybox:1',
    `build: { context: ., dockerfile_inline: "FROM stackctl/busybox:1\\nENV V=${version}" }`,
  );

test('builds', async () => {
  const building: Streaming = {
    without: () => Promise.resolve(),
    words: 'apply --yes --build',
    match: { method: 'POST', path: /\/build\?/ },
  };
  const cases = upTo(16, faults).map((fault) => failing(building, fault));
  await campaign({ row: 'F11', what, on: 'a real engine', lanes: 2, stage: () => createStage(built), cases });
});

test('the image of the lock', async () => {
  const engine = await startPrivateEngine();
  try {
    const importing: Streaming = {
      without: ({ rig }) => rig.project.docker.getImage('stackctl-lock:1').remove({ force: true }).catch(unless),
      words: 'apply --yes',
      match: { method: 'POST', path: /\/images\/create\?fromSrc/ },
    };
    const cases = upTo(8, faults).map((fault) => failing(importing, fault));
    const stage = (): Promise<Stage> => createStage(solo, engine.dockerHost);
    await campaign({ row: 'F11', what, on: 'a real engine', lanes: 1, stage, cases });
  } finally {
    await engine.stop();
  }
});
