import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { hostileArchives } from '../../kit/hostile-archives.ts';
import { rawTar, type RawEntry } from '../../kit/tar-texts.ts';
import { createRig, type Rig } from '../bad-days/rig.ts';
import { service, stack } from '../bad-days/stacks.ts';
import { inHelper } from './in-helper.ts';

// Whatever is run here works in volumes with it
process.env['STACKCTL_HELPER_IMAGE'] = 'stackctl/helper:1';

/** Beside the volume that hostile things come into: another volume, and a folder of the host. */
const text = (options = ''): string =>
  stack(
    service('db', 'volumes: ["data:/data"]'),
    service('web', 'volumes: ["canary:/canary"]'),
    service('side', 'volumes: ["./beside:/b"]'),
  ) + `volumes: { data: { ${options} }, canary: {} }\n`;

const root: RawEntry = { name: './', flag: '5', mode: 0o755 };
const bad = Buffer.from('bad');

interface Scene extends AsyncDisposable {
  readonly rig: Rig;
  readonly volume: string;
  /** Where an engine keeps what is in the volume. */
  readonly folder: string;
  /** Everything around the volume, by inode and the time of its last change of any kind. */
  around(): Promise<string>;
}

async function scene(options?: string): Promise<Scene> {
  const rig = await createRig();
  const { docker, folder, name } = rig.project;
  await mkdir(join(folder, 'beside'));
  await writeFile(join(folder, 'beside/secret'), 'not yours');
  await rig.up(text(options));
  const [data, canary] = await Promise.all(
    ['data', 'canary'].map(async (key) => (await docker.getVolume(`${name}_${key}`).inspect()).Mountpoint),
  );
  await writeFile(join(canary!, 'secret'), 'not yours');
  await writeFile(join(data!, 'line'), 'good old');
  const facts = ['-printf', '%p %i %m %U:%G %n %s %C@ %l\\n'];
  return {
    rig,
    volume: `${name}_data`,
    folder: data!,
    async around() {
      const places = [dirname(canary!), join(folder, 'beside'), '/etc/passwd', '/etc/cron.d'];
      const all = await execa('find', [...places, ...facts], { reject: false });
      const up = await execa('find', [dirname(data!), '-maxdepth', '1', '-mindepth', '1', '-printf', '%p %y\\n']);
      const volumes = await execa('find', [dirname(dirname(data!)), '-maxdepth', '1', '-name', `${name}*`]);
      return [all.stdout, up.stdout, volumes.stdout.split('\n').sort().join('\n')].join('\n');
    },
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

/** Does this with each, two side by side; what each found. */
async function inPairs<T>(items: readonly T[], work: (item: T, at: number) => Promise<string[]>): Promise<string[]> {
  const waiting = [...items.entries()];
  const found: string[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) found.push(...(await work(next[1], next[0])));
  };
  await Promise.all([lane(), lane()]);
  return found;
}

const squeezed = hostileArchives.slice(0, 4).map(([what, archive]) => [`${what}, packed`, gzipSync(archive)] as const);
const whole = gzipSync(rawTar([root, { name: './a', content: bad }]));

/** Packed, and not what it seems to be. */
const packed: readonly (readonly [string, Buffer])[] = [
  ...squeezed,
  ['packed, and cut off', whole.subarray(0, -6)],
  ['packed, and damaged', Buffer.concat([whole.subarray(0, 20), Buffer.alloc(40)])],
  ['packed twice', gzipSync(whole)],
  ['nothing, packed', gzipSync(Buffer.alloc(0))],
  ['an end of zstd that never came', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04])],
  ['a file of half a petabyte', rawTar([root, hole(2 ** 49)])],
  ['a file that no number holds', rawTar([root, hole(2 ** 60)])],
  ['a huge ratio', gzipSync(rawTar([root, ...Array.from({ length: 40 }, (_, i) => hole(2 ** 44, `./h${i}`))]))],
];

/** A file that says it has so many bytes, and holds none of them. */
function hole(bytes: number, name = './hole'): RawEntry {
  const pax = [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', name],
    ['GNU.sparse.realsize', String(BigInt(bytes))],
  ] as const;
  return { name: 'x', content: Buffer.concat([Buffer.from('0\n')], 512), pax };
}

test('archives that must not be restored are refused while everything still runs, and nothing anywhere changes', async () => {
  await using made = await scene();
  const { rig } = made;
  const before = [await rig.look(), await made.around()];
  const found = await inPairs([...hostileArchives, ...packed], async ([what, archive], at) => {
    const file = join(rig.project.folder, `${at}.tar`);
    await writeFile(file, archive);
    const { exitCode, stderr } = await rig.project.stackctl(['volume', 'restore', 'data', '--yes', '--from-file', file], {
      withinMs: 20_000,
    });
    const isTold = /is not restored|cannot be restored|cannot be read/.test(stderr) && !/ {4}at /.test(stderr);
    return exitCode === 1 && isTold ? [] : [`${what}: ${String(exitCode)} ${stderr}`];
  });
  expect(found).toEqual([]);
  expect(hostileArchives.length + packed.length).toBeGreaterThan(115);
  expect([await rig.look(), await made.around()]).toEqual(before);
}, 180_000);

/** From all over, the same ones each time. */
const spread = <T>(items: readonly T[], count: number): T[] =>
  Array.from({ length: count }, (_, i) => items[Math.floor((i * items.length) / count)]!);

test('an archive that is exchanged for another one after it was looked at is found out, and all goes back', async () => {
  await using made = await scene();
  const { rig, folder } = made;
  const before = [await rig.look(), await made.around(), await readdir(folder)];
  const file = join(rig.project.folder, 'in.tar');
  for (const [what, archive] of spread(hostileArchives, 4)) {
    await writeFile(file, rawTar([root, { name: './line', content: Buffer.from('good new') }]));
    const end = rig.proxy.before({ method: 'POST', path: /\/volumes\/create/ }, () => writeFile(file, archive));
    const ran = await rig.stackctl(`volume restore data --yes --from-file ${file}`);
    end();
    expect(ran, `${what}: ${ran.stderr}`).toMatchObject({ exitCode: 3 });
    expect([await rig.look(), await made.around(), await readdir(folder)], what).toEqual(before);
  }
}, 120_000);

test('what leads outward without going there comes in as it is, and whoever works in the volume afterwards does not follow it', async () => {
  await using made = await scene('x-stack: { owner: "1000:1000", mode: "u=rwX,go=" }');
  const { rig, folder, volume } = made;
  const around = await made.around();
  const names = ['-rf', '...', '..a', 'a..', ' ', '~', '$(id)', 'a\nb', '\u001b[2J', '*'];
  const links = [
    '/etc',
    '/etc/passwd',
    '../../..',
    '../out',
    `${rig.project.folder}/beside`,
    `../../${rig.project.name}_canary/_data`,
    '/',
  ];
  const file = join(rig.project.folder, 'in.tar');
  await writeFile(
    file,
    rawTar([
      root,
      ...names.map((name) => ({ name: `./${name}`, content: bad, mode: 0o6777 })),
      ...links.map((link, i) => ({ name: `./l${i}`, flag: '2', link })),
      ...links.map((_, i) => ({ name: `./m${i}`, flag: '1', link: `./l${i}` })),
    ]),
  );
  for (const words of [
    `volume restore data --yes --from-file ${file}`,
    'volume fix data --yes',
    'volume backup --yes',
    'volume verify',
    'volume restore data --yes',
  ]) {
    const ran = await rig.stackctl(words);
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    expect(`${ran.stdout}${ran.stderr}`).not.toContain('\u001b[2J');
    expect(await made.around(), words).toBe(around);
  }
  expect((await readdir(folder)).toSorted()).toEqual([...names, ...links.flatMap((_, i) => [`l${i}`, `m${i}`])].toSorted());
  expect(await inHelper(rig.project.docker, volume, ['find', '/volume', '-type', 'f', '-not', '-user', '1000'])).toBe('');
}, 120_000);

/** Exchanges a folder and a file for links that lead outward, again and again. */
const swapping = `
  chdir "/data"; mkdir "d"; mkdir "d/e"; for my $i (0..200) { open my $f, ">", "d/f$i"; open my $g, ">", "d/e/f$i" }
  symlink "/etc", "l"; symlink "/etc/passwd", "s"; open my $ready, ">", "/tmp/ready";
  while (1) { rename "d/e", "old"; rename "l", "d/e"; rename "d/e", "l"; rename "old", "d/e";
              rename "d/f1", "f"; rename "s", "d/f1"; rename "d/f1", "s"; rename "f", "d/f1"; select undef, undef, undef, 0.0002 }`;

test('a backup of a volume in which names are swapped for links all the while holds nothing from outside, and can be restored', async () => {
  await using rig = await createRig();
  await rig.up(
    `services:\n  db:\n    image: stackctl/helper:1\n    command: [perl, -e, ${JSON.stringify(swapping.replaceAll('$', '$$$$'))}]\n    stop_grace_period: 0s\n` +
      '    volumes: ["data:/data"]\n    healthcheck: { test: [CMD, test, -e, /tmp/ready], interval: 1s }\n' +
      'volumes: { data: { x-stack: { backup: { quiesce: none } } } }\n',
  );
  let kept = 0;
  for (let i = 0; i < 3; i += 1) {
    const ran = await rig.stackctl('volume backup --yes');
    if (ran.exitCode !== 0) expect(ran.stderr).toMatch(/changed as we read it|File removed before we read it|No such file|cannot be kept/);
    else kept += 1;
    const tar = await rig.project.stackctl(['volume', 'export', 'data']);
    expect(tar.stdout).not.toContain('root:x:0:0');
  }
  expect(kept).toBeGreaterThan(0);
  expect(await rig.stackctl('volume verify')).toMatchObject({ exitCode: 0 });
  const copy = `${rig.project.name}_copy`;
  const restored = await rig.stackctl(`volume restore data --to ${copy} --yes`);
  expect(restored, restored.stderr).toMatchObject({ exitCode: 0 });
  expect(await inHelper(rig.project.docker, copy, ['find', '/volume', '-name', 'passwd'])).toBe('');
}, 120_000);
