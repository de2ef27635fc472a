import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nixModule, nixString } from '../../../src/render/units/nix-module.ts';
import { stackUnits, type UnitsOf } from '../../../src/render/units/stack-units.ts';
import { folderWith } from '../../commands/kit.ts';

const isThere = spawnSync('nix-instantiate', ['--version']).status === 0;

const evaluated = (expression: string): unknown => {
  // A store of its own, since the usual one is only there where Nix is set up
  const words = ['--store', 'dummy://', '--eval', '--strict', '--json', '-E', expression];
  const { status, stdout, stderr } = spawnSync('nix-instantiate', words, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

const shop: UnitsOf = {
  stack: 'shop',
  node: '/usr/bin/node',
  program: '/opt/stack ctl/${x}/stackctl.js',
  words: ['--file', '/srv/100% "$HOME"/compose.yaml'],
  folder: '/srv/100% "$HOME"',
  reads: ['/srv/100% "$HOME"/compose.yaml'],
  stateDir: '/var/lib/stackctl',
  environment: { DOCKER_HOST: 'unix:///run/docker.sock' },
  user: undefined,
  everyMs: 900_000,
};

/** As much of nixpkgs' lib as the module uses. Conditions and merges are carried out at once. */
const lib = `{
  mkEnableOption = text: { description = text; default = false; };
  mkOption = option: option;
  mkIf = condition: content: if condition then content else {};
  mkMerge = builtins.foldl' (all: each: all // each) {};
  literalExpression = text: text;
  types = { bool = "bool"; path = "path"; };
}`;

interface Evaluated {
  readonly services: { readonly [name: string]: { readonly [key: string]: unknown } };
  readonly timers: { readonly [name: string]: { readonly timerConfig: { readonly [key: string]: string } } };
}

async function configWith(options: string, stacks: readonly UnitsOf[] = [shop]): Promise<Evaluated> {
  const folder = await folderWith({});
  const file = join(folder, 'stackctl.nix');
  await writeFile(file, nixModule(stacks, { onShutdown: false }));
  const config = `{ services.stackctl = { enable = true; onBoot = true; onShutdown = false; drift = true; node = "/nix/node"; } // ${options}; }`;
  const called = `(import ${file} { config = ${config}; lib = ${lib}; pkgs = { nodejs = "/nix/nodejs"; iproute2 = "/nix/iproute2"; }; })`;
  return evaluated(
    `let it = ${called}.config; in { services = it.systemd.services or {}; timers = it.systemd.timers or {}; }`,
  ) as Evaluated;
}

describe.skipIf(!isThere)(`a NixOS module (${isThere ? 'asked for real' : 'needs nix-instantiate: Debian package nix-bin'})`, () => {
  it('says what the units say, by its own Node', async () => {
    const { services, timers } = await configWith('{}');
    expect(Object.keys(services)).toEqual(['stackctl-drift-shop', 'stackctl-orphans-shop']);
    for (const unit of stackUnits(shop).filter(({ part, name }) => part !== 'shutdown' && name.endsWith('.service'))) {
      const service = services[unit.name.replace('.service', '')];
      const lines = unit.sections.find(({ name }) => name === 'Service')?.lines ?? [];
      const want: { [key: string]: string | string[] } = {};
      for (const [key, value] of lines) {
        const said = value.replace(/^\/usr\/bin\/node /, '/nix/node ');
        const before = want[key];
        want[key] = before === undefined ? said : [...[before].flat(), said];
      }
      expect(service?.['serviceConfig']).toEqual(want);
    }
    expect(services['stackctl-orphans-shop']).toMatchObject({
      before: ['docker.service', 'podman.service', 'podman-restart.service'],
      wantedBy: ['multi-user.target', 'docker.service'],
    });
    expect(timers).toMatchObject({ 'stackctl-drift-shop': { timerConfig: { OnUnitInactiveSec: '900s' } } });
  });

  it.each([
    ['{ enable = false; }', []],
    ['{ onBoot = false; }', ['stackctl-drift-shop']],
    ['{ drift = false; }', ['stackctl-orphans-shop']],
    ['{ drift = false; onShutdown = true; }', ['stackctl-orphans-shop', 'stackctl-shutdown-shop']],
  ])('with %s has these services: %j', async (options, names) => {
    expect(Object.keys((await configWith(options)).services)).toEqual(names);
  });

  it('takes several stacks', async () => {
    const { services } = await configWith('{ drift = false; }', [shop, { ...shop, stack: 'web' }]);
    expect(Object.keys(services)).toEqual(['stackctl-orphans-shop', 'stackctl-orphans-web']);
  });

  it.each(['a "b"', '${x} $${y} $ {', 'back\\slash\\n', "it''s", 'line\nbreak'])('writes %j as a string that means it', (text) => {
    expect(evaluated(nixString(text))).toBe(text);
  });
});
