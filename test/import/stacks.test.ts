import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { envText } from '../../src/import/env-text.ts';
import { importStack } from '../../src/import/import-stack.ts';
import { mapValues } from '../../src/lib/record.ts';
import type { Desired } from '../../src/model/desired.ts';
import { plan } from '../../src/plan/plan.ts';
import { plainOptions } from '../../src/plan/options.ts';
import { planText } from '../../src/render/plan-text.ts';
import { plainStyle as style } from '../../src/render/style.ts';
import { readStack } from '../../src/spec/read-stack.ts';
import { image, observed } from '../kit/builders.ts';
import { simulateAll } from '../kit/simulated.ts';
import { root, stackFiles } from '../stacks/stack-list.ts';

const vaultKey = '00'.repeat(16);

async function read(file: string, folder: string) {
  const stack = await readStack({
    files: [file],
    profiles: [],
    envFiles: [],
    environment: { HOME: '/home/hyperd' },
    cwd: folder,
    vaultKey,
  });
  if (!stack.ok) throw new Error(stack.error.map(({ message }) => message).join('\n'));
  return stack.value;
}

/** The machine once the stack is up, in theory. */
function upAndRunning(desired: Desired) {
  const references = [...new Set(Object.values(desired.services).map(({ settings }) => settings.image))];
  const images = Object.fromEntries(references.flatMap((name) => [[name, image(name)] as const, [image(name).id, image(name)] as const]));
  const empty = observed({ images, networks: [] });
  return simulateAll(plan(desired, empty, plainOptions).steps, empty);
}

/** Brings a stack up in theory, imports it into another folder, and plans there. */
async function importAndPlan(path: string, cwd: string): Promise<void> {
  const { desired, vault } = await read(path, cwd);
  const machine = upAndRunning(desired);
  const inside = mapValues(machine.containers, ({ service }) => desired.services[service]?.settings.files ?? []);
  const dependencies = mapValues(desired.services, ({ dependsOn }) =>
    dependsOn.map(({ service, condition, restart }) => `${service}:${condition}:${String(restart)}`).join(','),
  );
  const imported = importStack({ stack: desired.stack, observed: machine, services: [], inside, dependencies, textOf: vault.text });

  const folder = mkdtempSync(join(tmpdir(), 'stackctl-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'compose.yaml'), stringify(imported.file, { version: '1.1' }));
  writeFileSync(join(folder, '.env'), envText(mapValues(imported.variables, (text) => vault.open(text))));
  const again = await read(join(folder, 'compose.yaml'), folder);

  const text = planText(plan(again.desired, machine, plainOptions), { style });
  expect(text, stringify(imported.file)).toBe('No changes. The stack is as its files say.\n');
  const needs = (each: Desired) => mapValues(each.services, ({ dependsOn }) => dependsOn);
  expect(needs(again.desired)).toEqual(needs(desired));
}

it.each(stackFiles)('$name plans empty after its import', ({ file }) => importAndPlan(join(root, file), root));

// The image of the builders brings the command "serve"
it.each([
  ['an entrypoint of its own', 'entrypoint: [run]'],
  ['an entrypoint of its own, with the command of the image', 'entrypoint: [run], command: [serve]'],
  ['the command of the image', 'command: [serve]'],
  ['a variable of the image taken away', 'environment: { PATH: }'],
  ['a health check that is switched off', 'healthcheck: { disable: true }'],
  ['a port and an address for the engine to choose', 'ports: ["127.0.0.1::80", "[::1]:81:81/udp", "82"]'],
  ['paths with colons', 'volumes: [{ type: bind, source: "/a:b", target: /c }]'],
])('%s plans empty after its import', async (_what, text) => {
  const folder = mkdtempSync(join(tmpdir(), 'stackctl-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'compose.yaml'), `services: { web: { image: "a:1", ${text} } }`);
  await importAndPlan(join(folder, 'compose.yaml'), folder);
});

it.each(['plain', "it's", 'a\\', 'a\\b "c" $HOME ${X} # d', 'two\nlines', "'", ' spaced ', '', '=', '$$'])(
  '%j goes through .env',
  async (value) => {
    const folder = mkdtempSync(join(tmpdir(), 'stackctl-import-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'compose.yaml'), 'services: { web: { image: "a:1", environment: { V: "${V}" } } }');
    writeFileSync(join(folder, '.env'), envText({ A: 'before', V: value, Z: 'after' }));
    const stack = await read(join(folder, 'compose.yaml'), folder);
    expect(stack.desired.services['web']?.settings.environment).toEqual({ V: value });
    expect(stack.variables).toMatchObject({ A: 'before', Z: 'after' });
  },
);
