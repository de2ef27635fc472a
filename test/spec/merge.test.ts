import { describe, expect, it } from 'vitest';
import { folderWith, shown } from './stack-folder.ts';

/** The service "web" of several files, each given as the YAML of that service. */
async function merged(...services: readonly string[]): Promise<unknown> {
  const files = Object.fromEntries(services.map((yaml, i) => [`${i}.yaml`, `services: {web: ${yaml}}`]));
  const result = await folderWith(files).read();
  if (!result.ok) expect.fail(result.error.map(shown).join('\n'));
  const model = result.value.model as { services: { web: Record<string, unknown> } };
  const { command, entrypoint, networks: _default, image: _image, ...web } = model.services.web;
  return { ...web, ...(command !== null && { command }), ...(entrypoint !== null && { entrypoint }) };
}

describe('several files', () => {
  it.each<[string, string[], object]>([
    ['a scalar is replaced', ['{image: i, hostname: a}', '{hostname: b}'], { hostname: 'b' }],
    ['three in a row', ['{image: i, hostname: a}', '{hostname: b}', '{hostname: c}'], { hostname: 'c' }],
    [
      'environment, list and map',
      ['{image: i, environment: [A=1, B=2, C]}', '{environment: {B: 3, D: 4}}'],
      { environment: { A: '1', B: '3', C: null, D: '4' } },
    ],
    ['environment without a value', ['{image: i, environment: {A: 1}}', '{environment: {A: }}'], { environment: { A: null } }],
    ['labels', ['{image: i, labels: [a=1]}', '{labels: {a: 2, b: 3}}'], { labels: { a: '2', b: '3' } }],
    [
      'commands are replaced',
      ['{image: i, command: a b, entrypoint: [e]}', '{command: [c], entrypoint: f}'],
      { command: ['c'], entrypoint: ['f'] },
    ],
    [
      'health checks, but for the test',
      ['{image: i, healthcheck: {test: [CMD, a], interval: 5s}}', '{healthcheck: {test: b c, retries: 1}}'],
      { healthcheck: { test: ['CMD-SHELL', 'b c'], interval: '5s', retries: 1 } },
    ],
    [
      'lists of texts',
      ['{image: i, cap_add: [A], dns: 1.1.1.1, tmpfs: /a}', '{cap_add: [A, B], dns: [2.2.2.2], tmpfs: [/b]}'],
      { cap_add: ['A', 'B'], dns: ['1.1.1.1', '2.2.2.2'], tmpfs: ['/a', '/b'] },
    ],
    [
      'ports',
      ['{image: i, ports: ["80:80"]}', '{ports: ["80:80", "81:81/udp"]}'],
      {
        ports: [
          { mode: 'ingress', target: 80, published: '80', protocol: 'tcp' },
          { mode: 'ingress', target: 81, published: '81', protocol: 'udp' },
        ],
      },
    ],
    [
      'mounts by target',
      ['{image: i, volumes: ["/a:/x", /y]}', '{volumes: ["/b:/x:ro"]}'],
      {
        volumes: [
          { type: 'bind', source: '/b', target: '/x', read_only: true, bind: { create_host_path: true } },
          { type: 'volume', target: '/y' },
        ],
      },
    ],
    ['build, text and map', ['{build: /a}', '{build: {target: t}}'], { build: { context: '/a', dockerfile: 'Dockerfile', target: 't' } }],
    [
      'logging of one driver',
      ['{image: i, logging: {driver: a, options: {x: "1"}}}', '{logging: {options: {y: "2"}}}'],
      { logging: { driver: 'a', options: { x: '1', y: '2' } } },
    ],
    [
      'logging of another driver',
      ['{image: i, logging: {driver: a, options: {x: "1"}}}', '{logging: {driver: b, options: {y: "2"}}}'],
      { logging: { driver: 'b', options: { y: '2' } } },
    ],
    [
      'ulimits',
      ['{image: i, ulimits: {nproc: 1, nofile: {soft: 1, hard: 2}}}', '{ulimits: {nproc: {soft: 3, hard: 4}, nofile: 5}}'],
      { ulimits: { nproc: { soft: 3, hard: 4 }, nofile: 5 } },
    ],
    [
      'dependencies',
      ['{image: i, depends_on: [dep]}', '{depends_on: {dep: {condition: service_healthy}}}', '{}, dep: {image: i}'],
      { depends_on: { dep: { condition: 'service_healthy', required: true } } },
    ],
    [
      'null says nothing',
      ['{image: i, hostname: h, environment: {A: 1}}', '{hostname: null, environment: }'],
      { hostname: 'h', environment: { A: '1' } },
    ],
    [
      '!reset takes away',
      [
        '{image: i, hostname: h, environment: {A: 1, B: 2}, dns: 1.1.1.1}',
        '{hostname: !reset null, environment: {A: !reset null}, dns: !reset []}',
      ],
      { environment: { B: '2' } },
    ],
    [
      '!override replaces',
      ['{image: i, dns: [1.1.1.1], environment: {A: 1}}', '{dns: !override [2.2.2.2], environment: !override [B=1]}'],
      { dns: ['2.2.2.2'], environment: { B: '1' } },
    ],
    ['x-stack probes are replaced', ['{image: i, x-stack: {ready: {tcp: 1}}}', '{x-stack: {ready: {tcp: 2}}}'], {}],
  ])('%s', async (_name, files, expected) => expect(await merged(...files)).toEqual(expected));

  it('tells each problem of each file, and the place of the value that won', async () => {
    const folder = folderWith({
      'a.yaml': 'services: {web: {image: i, hostname: a}, x: {imag: y}}',
      'b.yaml': 'services: {web: {hostname: b}}\nfoo: 1',
    });
    const bad = await folder.read();
    expect(bad.ok ? [] : bad.error.map(shown)).toEqual([
      'a.yaml:1:46 unknown-key: unknown key "imag" (did you mean "image"?)',
      'b.yaml:2:1 unknown-key: unknown key "foo" (known here: name, include, services, networks, volumes, secrets, configs, models, x-stack)',
    ]);
    const good = await folderWith({
      'a.yaml': 'services: {web: {image: i, hostname: a}}',
      'b.yaml': 'services: {web: {hostname: b}}',
    }).read();
    const places = good.ok ? good.value.desired.places : {};
    expect(places['services.web.hostname']).toEqual({
      file: 'b.yaml',
      line: 1,
      column: 28,
      source: 'services: {web: {hostname: b}}',
      length: 1,
    });
    expect(places['services.web.image']?.file).toBe('a.yaml');
  });
});
