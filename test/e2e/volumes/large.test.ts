import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { inHelper, listing } from './in-helper.ts';
import { helper } from './vector-database.ts';

/** Minutes, and 16 GB of disk: only with `npm run test:deep`. */
const isDeep = Number(process.env['TEST_DEPTH'] ?? 1) > 1;

const stackText = `services:
  db:
    image: stackctl/busybox:1
    network_mode: none
    init: true
    command: [sleep, "99999"]
    volumes: ["data:/data"]
    x-stack: { ready: [{ stable: 100ms }], timeout: { ready: 10s } }
x-stack: { timeout: 30m }
volumes:
  data:
`;

const big =
  'cd /volume; /usr/bin/head -c 4500M /dev/urandom > big; yes "a line that comes again" | /usr/bin/head -c 500M > text; truncate -s 1G hollow';
const many = `perl -e 'chdir "/volume"; for my $d (1 .. 100) { mkdir "d$d"; for my $f (1 .. 1000) { open my $o, ">", "d$d/f$f" or die; print $o "$d $f\\n" x ($f % 50) } }'`;

const longMs = 1_800_000;
const peakPrinter = join(import.meta.dirname, '../../../bench/print-peak-memory.mjs');

test.runIf(isDeep).each([
  { what: '5 GB', script: big, mostMegabytes: 150 },
  // An entry costs garbage that a collector may leave for a while (with a heap of 60 MB it is 128), so this one peaks higher
  { what: '100,000 files', script: many, mostMegabytes: 250 },
])(
  '$what are the same to the bit after a backup, its verification and its restore, in less than $mostMegabytes MB of memory',
  async ({ script, mostMegabytes }) => {
    await using project = await createProject();
    await project.write('compose.yaml', stackText);
    await ran(project, 'up --yes');
    const volume = `${project.name}_data`;
    await inHelper(project.docker, volume, ['sh', '-euc', script]);
    const before = await listing(project.docker, volume);
    const peaks = { backup: await ran(project, 'volume backup --yes'), verify: await ran(project, 'volume verify') };
    await inHelper(project.docker, volume, ['/usr/bin/find', '/volume', '-mindepth', '1', '-delete']);
    const restore = await ran(project, 'volume restore data --yes');
    expect(await listing(project.docker, volume)).toBe(before);
    const all = { ...peaks, restore };
    expect(Object.entries(all).filter(([, peak]) => peak > mostMegabytes)).toEqual([]);
  },
  longMs,
);

/** Runs to a good end; the most memory it ever held, in MB. */
async function ran(project: Project, words: string): Promise<number> {
  const began = performance.now();
  const { exitCode, stdout, stderr } = await project.stackctl(words.split(' '), {
    ...helper,
    nodeWords: ['--import', peakPrinter],
    withinMs: longMs,
  });
  expect(exitCode, `${words}: ${stdout}${stderr}`).toBe(0);
  const peak = Number(/^peak ([\d.]+)$/m.exec(stderr)?.[1]);
  console.log(`stackctl ${words}: ${Math.round(peak)} MB, ${Math.round((performance.now() - began) / 1000)} s`);
  return peak;
}
