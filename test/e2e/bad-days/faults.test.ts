import { expect, test } from 'vitest';
import type { Fault } from '../../kit/fault-answers.ts';
import { createRig, type Rig } from './rig.ts';
import { asRolledBack } from './standing.ts';
import { healthy, service, stack } from './stacks.ts';
import { containing, holding } from './matching.ts';

const text = (version: number): string => stack(service('web', healthy, `environment: { V: "${version}" }`));

const versionOf = async (rig: Rig): Promise<string[]> =>
  Object.values((await rig.look()).containers).map(({ Config }) => Config.Env.find((each) => each.startsWith('V=')) ?? '');

/** Two of the writes of a replacement, by the words of their address. All of them, with more faults: test/reliability. */
const writes = ['rename', 'create'] as const;

const respond = (status: number, message: string): Fault => ({ kind: 'respond', status, body: { message } });

const faults: readonly (readonly [string, Fault])[] = [
  ['answers 500', respond(500, 'something broke inside')],
  ['answers 409', respond(409, 'conflict, says the test')],
  ['answers 404', respond(404, 'nothing like that here')],
  ['cuts the connection', { kind: 'reset' }],
  ['does it, and cuts its answer short', { kind: 'truncated-length' }],
  ['does it, and its answer is lost', { kind: 'lost-reply' }],
];

test.concurrent.each(faults)('an engine that %s at a write leaves the old world or the new one', async (_, fault) => {
  await using rig = await createRig();
  await rig.up(text(1));
  for (const [index, write] of writes.entries()) {
    const version = index + 2;
    const before = await rig.look();
    await rig.write(text(version));
    rig.proxy.addRule({ method: 'POST', path: new RegExp(`^/(v[\\d.]+/)?containers/.*${write}`), nth: 1, fault });
    const { exitCode, stdout, stderr } = await rig.stackctl('apply --yes');
    rig.proxy.clearRules();
    const after = await rig.look();
    expect(after.bystander).toEqual(before.bystander);
    if (exitCode === 1) expect([stderr, asRolledBack(after)]).toEqual([containing('nothing was touched'), asRolledBack(before)]);
    else if (exitCode === 0) expect(await versionOf(rig), write).toEqual([`V=${version}`]);
    else {
      expect([write, exitCode], `${stdout}\n${stderr}`).toEqual([write, 3]);
      expect(stderr).toMatch(/Failed: [^]*Rolled back \(verified\)[^]*Next:/);
      expect(asRolledBack(after), write).toEqual(asRolledBack(before));
    }
  }
});

// An answer that never comes says nothing of a removal: it is looked whether it is still to do
const unanswered = faults.filter(([name]) => /cuts|is lost/.test(name));

// Not 404: removing what is gone is success, and this engine says that it is gone
test.concurrent.each(faults.filter(([name]) => name !== 'answers 404'))(
  'an engine that %s when the old one is removed: all is up, and the next apply cleans up',
  async (_, fault) => {
    await using rig = await createRig();
    await rig.up(text(1));
    await rig.write(text(2));
    rig.proxy.addRule({ method: 'DELETE', path: /^\/(v[\d.]+\/)?containers/, nth: 1, fault });
    const { exitCode, stderr } = await rig.stackctl('apply --yes');
    const { containers } = await rig.look();
    expect(containers[`${rig.project.name}-web-1`]).toMatchObject({ State: { Running: true }, Config: { Env: holding(['V=2']) } });
    if (unanswered.some(([, each]) => each === fault)) expect(exitCode, stderr).toBe(0);
    else {
      expect(exitCode).toBe(4);
      expect(stderr).toMatch(/Up, but not cleaned up[^]*remove container \S+\.before-[^]*Next: run stackctl apply again/);
    }
    rig.proxy.clearRules();
    await rig.up(text(2));
    expect(Object.keys((await rig.look()).containers)).toEqual([`${rig.project.name}-web-1`]);
  },
);

const takingAway = [
  ['POST', /containers\/[^/]+\/stop/],
  ['DELETE', /containers\/(?!stackctl-)/],
  ['DELETE', /networks/],
] as const;

test('a down that loses an answer looks again and goes on: exit 0, and nothing is left', async () => {
  await using rig = await createRig();
  for (const [how, fault] of unanswered) {
    await rig.up(text(1));
    for (const [method, path] of takingAway) rig.proxy.addRule({ method, path, nth: 1, fault });
    const { exitCode, stdout, stderr } = await rig.stackctl('down --yes');
    rig.proxy.clearRules();
    expect([how, exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([how, 0, '']);
    expect((await rig.look()).containers).toEqual({});
  }
});
