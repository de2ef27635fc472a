import { symlink, rename } from 'node:fs/promises';
import Docker from 'dockerode';
import { test } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../../kit/fault-proxy.ts';
import { startPrivateEngine, type PrivateEngine } from '../../kit/private-engine.ts';
import { campaign, upTo, type Case } from './campaign.ts';
import { judge, judgeUntouched, saidBy } from './judge.ts';
import { differences } from './oracle.ts';
import { changes, placesOf, type Place } from './places.ts';
import { scenarios } from './scenarios.ts';
import { createStage, run, type Launch, type Stage } from './stage.ts';

const scenario = scenarios.replace;
const limits = { withinMs: 60_000 };

/** A stage whose engine stackctl knows by a link, which may lead to another one. */
interface TwoEngines extends Stage {
  readonly other: FaultProxy;
  readonly engine: PrivateEngine;
  readonly byLink: Launch;
  leadTo(whose: 'own' | 'other'): Promise<void>;
}

async function createTwoEngines(engine: PrivateEngine): Promise<TwoEngines> {
  const [stage, other] = await Promise.all([createStage(scenario.texts), startFaultProxy({ upstream: engine.socket })]);
  const link = `${stage.rig.project.folder}/engine.sock`;
  return {
    ...stage,
    other,
    engine,
    byLink: { env: { DOCKER_HOST: `unix://${link}` } },
    async leadTo(whose) {
      await symlink(whose === 'own' ? stage.rig.proxy.socket : other.socket, `${link}.next`);
      await rename(`${link}.next`, link);
    },
    async [Symbol.asyncDispose]() {
      await other.close();
      await stage[Symbol.asyncDispose]();
    },
  };
}

/** All that there is on the other engine. */
async function standingOn({ engine }: Pick<TwoEngines, 'engine'>): Promise<unknown> {
  const docker = new Docker({ socketPath: engine.socket });
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return [containers.map(({ Id }) => Id).sort(), networks.map(({ Id }) => Id).sort(), Volumes.map(({ Name }) => Name).sort()];
}

const exchanged = (place: Place): Case<TwoEngines> => ({
  name: `the socket is another engine's from ${place.name} on.`,
  async run(stage) {
    const goal = await scenario.prepare(stage);
    await stage.leadTo('own');
    const before = await standingOn(stage);
    const end = stage.rig.proxy.before(place, async () => {
      await stage.leadTo('other');
      stage.rig.proxy.addRule({ fault: { kind: 'reset' } }); // nor does the old one go on on a connection that it has kept
    });
    const ran = await run(stage, scenario.words, stage.byLink);
    end();
    const violations = differences(before, await standingOn(stage), 'the other engine');
    stage.rig.proxy.clearRules();
    await stage.leadTo('own');
    const own = await (ran.exitCode === 1 ? judgeUntouched : judge)(stage, goal, ran, limits);
    return { cases: 1, violations: [...violations, ...own] };
  },
});

/** What was made for one engine is not for another. */
const made: Case<TwoEngines> = {
  name: 'a plan and a journal of another engine.',
  async run(stage) {
    const goal = await scenario.prepare(stage);
    const before = await standingOn(stage);
    const planned = await run(stage, 'plan --out saved.plan');
    await stage.leadTo('other');
    const applied = await run(stage, 'apply --yes saved.plan', stage.byLink);
    const recovered = await run(stage, 'recover --yes', stage.byLink);
    await stage.leadTo('own');
    const wrong = [
      ...(planned.exitCode === 0 ? [] : saidBy(planned)),
      ...(applied.exitCode === 0 ? ['the plan of another engine was applied'] : []),
      ...(recovered.exitCode === 0 ? [] : saidBy(recovered)),
    ];
    return {
      cases: 1,
      violations: [
        ...wrong,
        ...differences(before, await standingOn(stage), 'the other engine'),
        ...(await judge(stage, goal, { ...applied, exitCode: 1 }, limits)),
      ],
    };
  },
};

test('another engine behind the same socket', async () => {
  const engine = await startPrivateEngine();
  try {
    const places = (await placesOf(scenario)).filter(changes);
    await campaign({
      row: 'F7',
      what: 'the socket leads to another engine, from the start or from the nth change on: nothing is changed there',
      on: 'a real engine',
      lanes: 1,
      stage: () => createTwoEngines(engine),
      cases: [made, made, ...upTo(8, places).map(exchanged)],
    });
  } finally {
    await engine.stop();
  }
});
