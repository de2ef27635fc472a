import { readFile, writeFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { test } from 'vitest';
import { campaign, upTo, type Case } from './campaign.ts';
import { saidBy } from './judge.ts';
import { beside, differences, lookAt } from './oracle.ts';
import { placesOf, type Place } from './places.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { keeping } from './texts.ts';
import { createStage, run, sideOf, type Goal, type Ran, type Stage } from './stage.ts';

const withinMs = 60_000;

/** What somebody does behind stackctl's back; what they made is theirs, and given back to be looked at. */
type Deed = (around: { readonly docker: Docker; readonly stack: string }) => Promise<Theirs | undefined>;

interface Theirs {
  stands(): Promise<boolean>;
  remove(): Promise<unknown>;
}

const web = ({ docker, stack }: Parameters<Deed>[0]): Docker.Container => docker.getContainer(`${stack}-web-1`);

async function strange(docker: Docker, name: string): Promise<Theirs> {
  const made = await docker.createContainer({ name, Image: 'stackctl/busybox:1', Cmd: ['sleep', '99999'] });
  await made.start();
  return { stands: async () => (await made.inspect()).State.Running, remove: () => made.remove({ force: true }) };
}

/** They made nothing of their own. */
const done = (deed: Promise<unknown>): Promise<undefined> => deed.then(() => undefined);

const deeds: Readonly<Record<string, Deed>> = {
  'stops a container': (around) => done(web(around).stop({ t: 0 })),
  'removes a container': (around) => done(web(around).remove({ force: true })),
  'removes a container and puts their own in its place': async (around) => {
    await web(around).remove({ force: true });
    return strange(around.docker, `${around.stack}-web-1`);
  },
  'takes the name of a container': ({ docker, stack }) => strange(docker, `${stack}-web-1`),
  'renames a container': (around) => done(web(around).rename({ name: `${around.stack}-mine` })),
  'pauses a container': (around) => done(web(around).pause()),
  'kills a container': (around) => done(web(around).kill()),
  'restarts a container': (around) => done(web(around).restart({ t: 0 })),
  'takes a container off its network': ({ docker, stack }) =>
    done(docker.getNetwork(`${stack}_default`).disconnect({ Container: `${stack}-web-1`, Force: true })),
  'changes a restart policy': (around) => done(web(around).update({ RestartPolicy: { Name: 'always' } })),
  'makes a network of the stack': async ({ docker, stack }) => {
    const made = await docker.createNetwork({ Name: `${stack}_more` });
    return { stands: async () => (await made.inspect()).Name === `${stack}_more`, remove: () => made.remove() };
  },
  'makes a volume of the stack': async ({ docker, stack }) => {
    await docker.createVolume({ Name: `${stack}_more` });
    const made = docker.getVolume(`${stack}_more`);
    return { stands: async () => (await made.inspect()).Name === `${stack}_more`, remove: () => made.remove() };
  },
};

/** In the volume of the stack: as long as it is there, nobody has removed or emptied it. */
async function markerOf({ rig: { project } }: Stage): Promise<string> {
  return `${(await project.docker.getVolume(`${project.name}_data`).inspect()).Mountpoint}/marker`;
}

const interfered = (scenario: Scenario, place: Place, [name, deed]: readonly [string, Deed]): Case<Stage> => ({
  name: `somebody ${name} before ${place.name}.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const marker = await markerOf(stage);
    await writeFile(marker, 'data');
    const { docker, name: stack } = stage.rig.project;
    const made: { theirs?: Theirs | undefined } = {};
    const end = stage.rig.proxy.before(place, async () => {
      made.theirs = await deed({ docker, stack }).catch(() => undefined); // it may be gone, or not there yet
    });
    const ran = await run(stage, scenario.words);
    end();
    const { theirs } = made;
    const isTheirs = theirs === undefined || (await theirs.stands().catch(() => false));
    await theirs?.remove().catch(() => undefined);
    const violations = [
      ...(isTheirs ? [] : ['what they made does not stand any more']),
      ...((await readFile(marker, 'utf8').catch(() => '')) === 'data' ? [] : ['what was in the volume is gone (I10)']),
      ...(await converges(stage, goal, ran)),
    ];
    return { cases: 1, violations: violations.length > 0 ? [...violations, `it ended with ${String(ran.exitCode)}`, ...saidBy(ran)] : [] };
  },
});

/** Nobody can bring back what somebody else took away: but the next commands lead to what is wanted, and leave nothing beside it. */
async function converges(stage: Stage, goal: Goal, ran: Ran): Promise<string[]> {
  const expected = [0, 1, 3, 4, 6];
  const strangeEnd =
    expected.includes(ran.exitCode ?? -1) && ran.tookMs < withinMs ? [] : [`it ended with ${String(ran.exitCode)} after ${ran.tookMs} ms`];
  const recovered = ran.exitCode === 4 ? await run(stage, 'recover --yes') : undefined;
  if (recovered?.exitCode === 4) await run(stage, 'recover --forget --yes');
  const again = await run(stage, 'apply --yes');
  const look = await lookAt(stage.rig);
  const side = sideOf(stage, goal, look);
  const touched = differences(beside(goal.before), beside(look), 'the container beside it');
  stage.look = look;
  if (side === 'after') stage.version = goal.version;
  const where =
    side === 'after' ? [] : ['the next apply does not lead to what is wanted', ...(side === 'before' ? [side] : side), ...saidBy(again)];
  return [...strangeEnd, ...touched, ...where, ...(where.length > 0 && recovered ? saidBy(recovered) : [])];
}

const rows: readonly (readonly [Scenario, number])[] = [
  [{ ...scenarios.replace, texts: keeping }, 44],
  [scenarios.replaceTwo, 12],
];

test.each(rows.map(([scenario, usual]) => [scenario.name, scenario, usual] as const))('%s', async (_, scenario, usual) => {
  const places = await placesOf(scenario);
  const all = Object.entries(deeds).flatMap((deed) => places.map((place) => interfered(scenario, place, deed)));
  await campaign({
    row: 'F16',
    what: 'somebody stops, removes, exchanges, renames, pauses or edits something right before any one call',
    on: 'a real engine',
    lanes: 3,
    stage: () => createStage(scenario.texts),
    cases: upTo(usual, all),
  });
});
