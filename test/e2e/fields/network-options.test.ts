import { beforeAll, describe, expect, test } from 'vitest';
import { createProject, type Ran } from '../../kit/project.ts';
import { serviceText } from './field-row.ts';
import { compose, settle, type Maker } from './story.ts';

interface ProblemJson {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly at?: { readonly line: number };
}

/** One option of a network that a file changes or takes away. */
interface OptionRow {
  /** Of the network. */
  readonly name: string;
  readonly yaml: readonly [before: string, after: string];
  /** What is said of it. */
  readonly says: RegExp;
  /** A warning in place of an error: always, or where only inspect can tell that the file said it once. */
  readonly mild?: 'always' | 'adopted';
  /** Nothing tells of a network that Compose made that its file said this once. */
  readonly unseen?: 'adopted';
}

const pool = (number: number, more = ''): string => `{ subnet: 10.214.${number}.0/24${more} }`;

const onNewest = process.env['STACKCTL_ENGINE'] === 'newest';

/** Engines before API 1.47 drop it: there it is a problem. */
const withoutV4: OptionRow = {
  name: 'without-v4',
  yaml: [
    'enable_ipv4: false\nenable_ipv6: true\nipam: { config: [{ subnet: "fd00:214:9::/64" }] }',
    'enable_ipv4: true\nenable_ipv6: true\nipam: { config: [{ subnet: "fd00:214:9::/64" }] }',
  ],
  says: /enable_ipv4 false instead of true/,
};

const rows: readonly OptionRow[] = [
  {
    name: 'labels',
    yaml: ['labels: { tier: front }', 'labels: { tier: back }'],
    says: /labels\.tier front instead of back/,
    mild: 'always',
  },
  { name: 'labels-gone', yaml: ['labels: [tier=front]', ''], says: /labels\.tier front, which is not declared/, mild: 'always' },
  { name: 'labels-new', yaml: ['', 'labels: { tier: front }'], says: /no labels\.tier instead of front/, mild: 'always' },
  {
    name: 'opts',
    yaml: ['driver_opts: { com.docker.network.driver.mtu: 1400 }', 'driver_opts: { com.docker.network.driver.mtu: 1300 }'],
    says: /driver_opts\.com\.docker\.network\.driver\.mtu 1400 instead of 1300/,
  },
  {
    name: 'opts-gone',
    yaml: ['driver_opts: { com.docker.network.driver.mtu: 1400 }', ''],
    says: /mtu 1400, which is not declared/,
    mild: 'adopted',
  },
  { name: 'closed', yaml: ['internal: true', ''], says: /internal true instead of false/ },
  { name: 'opened', yaml: ['internal: false', 'internal: true'], says: /internal false instead of true/ },
  { name: 'joined', yaml: ['attachable: true', 'attachable: false'], says: /attachable true instead of false/ },
  { name: 'joined-gone', yaml: ['attachable: true', ''], says: /attachable true, which is not declared/, mild: 'adopted' },
  {
    name: 'subnet',
    yaml: [`ipam: { config: [${pool(1)}] }`, `ipam: { config: [${pool(2)}] }`],
    says: /ipam\.config\.10\.214\.2\.0\/24 10\.214\.1\.0\/24 instead of 10\.214\.2\.0\/24/,
  },
  {
    name: 'subnet-gone',
    yaml: [`ipam: { config: [${pool(3)}] }`, ''],
    says: /ipam\.config\.10\.214\.3\.0\/24 10\.214\.3\.0\/24, which is not declared/,
  },
  {
    name: 'gateway',
    yaml: [`ipam: { config: [${pool(4, ', gateway: 10.214.4.9')}] }`, `ipam: { config: [${pool(4, ', gateway: 10.214.4.8')}] }`],
    says: /gateway 10\.214\.4\.9 instead of 10\.214\.4\.8/,
  },
  {
    name: 'gateway-gone',
    yaml: [`ipam: { config: [${pool(5, ', gateway: 10.214.5.9')}] }`, `ipam: { config: [${pool(5)}] }`],
    says: /gateway 10\.214\.5\.9, which is not declared/,
    unseen: 'adopted',
  },
  {
    name: 'range',
    yaml: [`ipam: { config: [${pool(6, ', ip_range: 10.214.6.128/25')}] }`, `ipam: { config: [${pool(6)}] }`],
    says: /ip_range 10\.214\.6\.128\/25, which is not declared/,
    mild: 'adopted',
  },
  {
    name: 'spare',
    yaml: [
      `ipam: { config: [${pool(7, ', aux_addresses: { one: 10.214.7.5 }')}] }`,
      `ipam: { config: [${pool(7, ', aux_addresses: { one: 10.214.7.6 }')}] }`,
    ],
    says: /aux_addresses \{"one":"10\.214\.7\.5"\} instead of/,
  },
  {
    name: 'v6',
    yaml: [`enable_ipv6: true\nipam: { config: [${pool(8)}, { subnet: "fd00:214:8::/64" }] }`, `ipam: { config: [${pool(8)}] }`],
    says: /enable_ipv6 true, which is not declared, ipam\.config\.fd00:214:8::\/64/,
    mild: 'adopted',
  },
  ...(onNewest ? [withoutV4] : []),
  // Compose leaves them out
  {
    name: 'ipam-options',
    yaml: ['ipam: { driver: default, options: { one: "1" } }', 'ipam: { options: { one: "2" } }'],
    says: /(no ipam\.options\.one|ipam\.options\.one 1) instead of 2/,
  },
];

const text = (version: 0 | 1): string => {
  const networks = rows.map(({ name, yaml }) =>
    [`  ${name}:`, ...(yaml[version] || 'internal: false').split('\n').map((line) => `    ${line}`)].join('\n'),
  );
  const service = serviceText('web', `networks: [${rows.map(({ name }) => name).join(', ')}]`, ['network_mode']);
  return `services:\n${service}networks:\n${networks.join('\n')}\n`;
};

const every = rows.flatMap(({ name }) => ['--allow-destroy', `network/${name}`]);

describe.each(['stackctl', 'compose'] as const)('networks made by %s', (maker: Maker) => {
  let unchanged: Ran;
  let said: readonly ProblemJson[] = [];
  let planned: Ran;
  let applied: Ran;
  let after: Ran;

  beforeAll(async () => {
    await using project = await createProject();
    await project.write(
      'compose.yaml',
      text(0).replace('options: { one: "1" }', maker === 'compose' ? 'config: []' : 'options: { one: "1" }'),
    );
    const made = maker === 'stackctl' ? await project.stackctl(['apply', '--yes']) : await compose(project, ['up', '-d']);
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    unchanged = await project.stackctl(['plan', '--detailed-exitcode']);
    await project.write('compose.yaml', text(1));
    const { stdout } = await project.stackctl(['plan', '--json']);
    said = settle(project, (JSON.parse(stdout) as { problems: readonly ProblemJson[] }).problems) as readonly ProblemJson[];
    planned = await project.stackctl(['plan', '--detailed-exitcode', ...every]);
    applied = await project.stackctl(['apply', '--yes', ...every]);
    after = await project.stackctl(['plan', '--detailed-exitcode']);
  }, 240_000);

  test('as declared there is nothing to do and nothing to say', () => {
    expect(unchanged).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
    expect(unchanged.stdout + unchanged.stderr).not.toMatch(/warning/);
  });

  test.each(rows)('$name is seen, at a line of its own', ({ name, says, mild, unseen }) => {
    const problems = said.filter(({ message }) => message.startsWith(`network PROJECT_${name} `));
    if (unseen === 'adopted' && maker === 'compose') return void expect(problems).toEqual([]);
    const isMild = mild === 'always' || (mild === 'adopted' && maker === 'compose');
    const [code, severity] = isMild ? ['network-differs', 'warning'] : ['network-must-be-replaced', 'error'];
    expect(problems).toMatchObject([{ code, severity, message: expect.stringMatching(says), at: { line: expect.any(Number) } }]);
  });

  test('made anew where a person allows it, and then there is nothing more to say', () => {
    expect(planned).toMatchObject({ exitCode: 2 });
    expect(applied, applied.stderr).toMatchObject({ exitCode: 0 });
    expect(after).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
    expect(after.stdout + after.stderr).not.toMatch(/warning/);
  });
});

test('labels alone: a warning that changes no exit code, of a network and of a volume', async () => {
  await using project = await createProject();
  const stack = (label: string): string =>
    `services:\n${serviceText('web', 'networks: [net]\nvolumes: ["data:/data"]', ['network_mode'])}networks: { net: { labels: { tier: ${label} } } }\nvolumes:\n  data:\n    labels: { tier: ${label} }\n`;
  await project.write('compose.yaml', stack('front'));
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  await project.write('compose.yaml', stack('back'));
  const planned = await project.stackctl(['plan', '--detailed-exitcode']);
  expect(planned).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes.') });
  const told = planned.stdout + planned.stderr;
  expect(told).toMatch(/compose\.yaml:\d+:\d+: warning: network .*_net keeps labels\.tier front instead of back/);
  expect(told).toMatch(/compose\.yaml:\d+:\d+: warning: volume .*_data keeps labels\.tier front instead of back[^]*docker volume rm/);
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  await project.write('compose.yaml', stack('front'));
  const again = await project.stackctl(['plan']);
  expect(again.stdout + again.stderr).not.toMatch(/warning/);
});

test.each([
  [
    'volumes: { data: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=1m" } } }',
    'volumes: { data: }',
    /driver option o, which is not declared/,
  ],
  [
    'volumes: { data: { driver: local, driver_opts: { type: tmpfs, device: tmpfs, o: "size=1m" } } }',
    'volumes: { data: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=2m" } } }',
    /has driver option o;/,
  ],
])('a volume that would have to be made anew: %s', async (before, after, says) => {
  await using project = await createProject();
  const service = `services:\n${serviceText('web', 'volumes: ["data:/data"]')}`;
  await project.write('compose.yaml', service + before);
  expect(await project.stackctl(['apply', '--yes'])).toMatchObject({ exitCode: 0 });
  expect(await project.stackctl(['plan', '--detailed-exitcode'])).toMatchObject({ exitCode: 0 });
  await project.write('compose.yaml', service + after);
  const refused = await project.stackctl(['plan']);
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(refused.stdout + refused.stderr).toMatch(says);
});
