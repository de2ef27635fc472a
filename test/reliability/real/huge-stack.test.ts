import { test } from 'vitest';
import { createRig } from '../../e2e/bad-days/rig.ts';
import { campaign, type Case } from './campaign.ts';
import { saidBy } from './judge.ts';

const count = 200;

/** A chain through every tenth, all without a network: an engine makes hundreds of them in a minute, not hundreds of networks. */
function text(): string {
  const services = Array.from({ length: count }, (_, i) => {
    const waits = i % 10 === 0 && i > 0 ? `    depends_on: [s${i - 10}]\n` : '';
    return `  s${i}:\n    image: stackctl/busybox:1\n    command: [sleep, "9999"]\n    init: true\n    network_mode: none\n    x-stack: { ready: [{ stable: 100ms }] }\n${waits}`;
  });
  return `services:\n${services.join('')}`;
}

const whole: Case<Awaited<ReturnType<typeof createRig>>> = {
  name: `${count} containers.`,
  async run(rig) {
    const { docker, name } = rig.project;
    const filters = { label: [`com.docker.compose.project=${name}`] };
    const running = async (): Promise<number> => (await docker.listContainers({ filters })).length;
    await rig.up(text());
    const up = await running();
    const again = await rig.stackctl('plan --detailed-exitcode');
    const down = await rig.stackctl('down --yes');
    const left = (await docker.listContainers({ all: true, filters })).length;
    const violations = [
      ...(up === count ? [] : [`${up} of ${count} run`]),
      ...(again.exitCode === 0 ? [] : [`the plan after the apply ended with ${String(again.exitCode)}`]),
      ...(down.exitCode === 0 && left === 0 ? [] : [`down ended with ${String(down.exitCode)}, ${left} are left`, ...saidBy(down)]),
    ];
    return { cases: 1, violations };
  },
};

test('a huge stack', async () => {
  const what = `${count} containers: applied, nothing left to do, taken down`;
  await campaign({ row: 'F22', what, on: 'a real engine', lanes: 1, stage: () => createRig(), cases: [whole] });
});
