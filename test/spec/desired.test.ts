import { describe, expect, it } from 'vitest';
import { folderWith, stackOf, webOf } from './stack-folder.ts';

it('a volume may say that nothing removes it', async () => {
  const text = 'services: {web: {image: i, volumes: ["one:/a", "two:/b"]}}\nvolumes: {one: {x-stack: {prevent_destroy: true}}, two: {}}\n';
  const { desired } = await stackOf(text);
  expect([desired.volumes['one']?.preventDestroy, desired.volumes['two']?.preventDestroy]).toEqual([true, undefined]);
  expect(desired.places['volumes.one.x-stack.prevent_destroy']).toMatchObject({ line: 2 });
});

describe('a service', () => {
  it('has these defaults', async () => {
    const { settings: _settings, ...web } = await webOf('image: i');
    expect(web).toEqual({
      name: 'web',
      pullPolicy: 'missing',
      replicas: [{ number: 1, name: 'shop-web-1' }],
      dependsOn: [],
      update: { order: 'stop-first', failureAction: 'rollback', monitorMs: 2000, parallelism: 1 },
      timeouts: { pullMs: 600_000, readyMs: 90_000, callMs: 60_000 },
      ready: [],
      onConfigChange: 'recreate',
    });
  });

  it.each<[string, object]>([
    [
      'deploy: {replicas: 2}',
      {
        replicas: [
          { number: 1, name: 'shop-web-1' },
          { number: 2, name: 'shop-web-2' },
        ],
      },
    ],
    ['deploy: {replicas: 0}', { replicas: [] }],
    ['container_name: mine', { replicas: [{ number: 1, name: 'mine' }] }],
    ['pull_policy: if_not_present', { pullPolicy: 'missing' }],
    ['pull_policy: daily', { pullPolicy: 'daily' }],
    ['pull_policy: refresh\npull_refresh_after: 1d', { pullPolicy: 'refresh' }],
    ['pull_policy: every_1w2d', { pullPolicy: 'every_1w2d' }],
    [
      'deploy: {update_config: {parallelism: 0, order: start-first, failure_action: pause, monitor: 5s}}',
      { update: { order: 'start-first', failureAction: 'pause', monitorMs: 5000, parallelism: 0 } },
    ],
    ['x-stack: {timeout: {pull: 1h, ready: 5s}}', { timeouts: { pullMs: 3_600_000, readyMs: 5000, callMs: 60_000 } }],
    ['healthcheck: {test: x, interval: 5s, timeout: 1s, retries: 2}', { timeouts: { readyMs: 90_000 } }],
    ['healthcheck: {test: x}', { timeouts: { readyMs: 190_000 } }],
    ['healthcheck: {test: x, start_period: 5m, interval: 10s, timeout: 10s, retries: 3}', { timeouts: { readyMs: 370_000 } }],
    ['healthcheck: {disable: true, start_period: 5m}', { timeouts: { readyMs: 90_000 } }],
    ['x-stack: {timeout: {stop: 30s}}', { timeouts: { stopMs: 30_000 } }],
    ['stop_grace_period: 5s\nx-stack: {timeout: {stop: 30s}}', { settings: { stop_grace_period: 5000 }, timeouts: { stopMs: 30_000 } }],
    ['x-stack: {ready: {http: "http://127.0.0.1:80/health"}}', { ready: [{ kind: 'http', url: 'http://127.0.0.1:80/health' }] }],
    [
      'x-stack: {ready: [{tcp: 80}, {tcp: "db:5432"}, {log: Started}, {stable: 5s}]}',
      {
        ready: [
          { kind: 'tcp', host: '127.0.0.1', port: 80 },
          { kind: 'tcp', host: 'db', port: 5432 },
          { kind: 'log', text: 'Started' },
          { kind: 'stable', forMs: 5000 },
        ],
      },
    ],
    ['x-stack: {on_config_change: "signal:SIGHUP"}', { onConfigChange: 'signal:SIGHUP' }],
    ['x-stack: ', { onConfigChange: 'recreate' }],
  ])('%s', async (yaml, expected) => expect(await webOf(yaml)).toMatchObject(expected));

  it('is built', async () => {
    const request = { projectDirectory: '/p', projectName: 'shop', environment: { FROM: 'outside' } };
    expect((await webOf('build: ./ctx', '', request)).build).toEqual({ context: '/p/ctx', dockerfile: '/p/ctx/Dockerfile', args: {} });
    const web = await webOf(
      'build: {context: ctx, dockerfile: sub/D, target: prod, args: {A: 1, FROM: , NOT: , A_TOKEN: x}}\nimage: mine',
      '',
      request,
    );
    expect(web.build).toMatchObject({
      context: '/p/ctx',
      dockerfile: '/p/ctx/sub/D',
      target: 'prod',
      args: { A: '1', FROM: 'outside', A_TOKEN: { shown: '(sensitive)' } },
    });
    expect(Object.keys(web.build?.args ?? {})).toEqual(['A', 'FROM', 'A_TOKEN']);
    expect(web.settings.image).toBe('mine');
  });

  it('is built with secrets, sealed, under the ids by which the Dockerfile asks for them', async () => {
    const folder = folderWith({
      'stack.yaml':
        'services: { web: { build: { context: ., secrets: [of_file, { source: of_variable, target: other }] } } }\nsecrets: { of_file: { file: token }, of_variable: { environment: TOKEN } }',
      token: 'from-the-file',
    });
    const stack = await folder.read({ environment: { TOKEN: 'from-the-variable' } });
    if (!stack.ok) throw new Error(JSON.stringify(stack.error));
    const { desired, vault, missing } = stack.value;
    const secrets = desired.services['web']?.build?.secrets ?? {};
    expect(Object.entries(secrets).map(([id, value]) => [id, vault.open(value)])).toEqual([
      ['of_file', 'from-the-file'],
      ['other', 'from-the-variable'],
    ]);
    expect(JSON.stringify(desired)).not.toContain('from-the');
    expect(missing).toEqual([]);
  });

  it.each<[string, object[]]>([
    ['depends_on: [db]', [{ service: 'db', condition: 'service_started', restart: false, required: true }]],
    [
      'depends_on: {db: {condition: service_healthy, restart: true}, job: {condition: service_completed_successfully, required: false}}',
      [
        { service: 'db', condition: 'service_healthy', restart: true, required: true },
        { service: 'job', condition: 'service_completed_successfully', restart: false, required: false },
      ],
    ],
    ['depends_on: {off: {condition: service_started, required: false}}', []],
    ['network_mode: service:db', [{ service: 'db', condition: 'service_started', restart: true, required: true }]],
  ])('%s', async (yaml, expected) => {
    const stack = await stackOf(
      `services:\n  web:\n    image: i\n    ${yaml}\n  db: {image: i}\n  job: {image: i}\n  off: {image: i, profiles: [x]}`,
    );
    expect(stack.desired.services['web']?.dependsOn).toEqual(expected);
  });
});

describe('a stack', () => {
  it.each<[string, object]>([
    ['name: My App!', { stack: 'myapp' }],
    ['{}', { stack: 'shop', timeoutMs: 600_000, rollbackTimeoutMs: 600_000, services: {}, networks: {}, volumes: {} }],
    ['x-stack: {timeout: 1m}', { timeoutMs: 60_000, rollbackTimeoutMs: 60_000 }],
    ['x-stack: {timeout: 1m, rollback_timeout: 2m}', { timeoutMs: 60_000, rollbackTimeoutMs: 120_000 }],
    ['x-mine: {anything: [goes]}', { stack: 'shop' }],
  ])('%s', async (yaml, expected) => expect((await stackOf(yaml)).desired).toMatchObject(expected));

  it('takes its name from the request, the environment, the file, the folder', async () => {
    const environment = { COMPOSE_PROJECT_NAME: 'b' };
    expect((await stackOf('name: c', { projectName: 'a', environment })).desired.stack).toBe('a');
    expect((await stackOf('name: c', { environment })).desired.stack).toBe('b');
    expect((await stackOf('name: "c-${X:-d}"')).desired.stack).toBe('c-d');
    const web = await webOf('hostname: "${COMPOSE_PROJECT_NAME}"', 'name: c');
    expect(web.settings.hostname).toBe('c');
  });

  it('has the networks and volumes that its services use', async () => {
    const { desired } = await stackOf(`
services: {web: {image: i, networks: [default, a, b], volumes: ["data:/d", "ext:/e"]}}
networks:
  a: {driver: bridge, internal: true, labels: [x=1]}
  b: {external: true, name: theirs}
  unused:
volumes:
  data: {driver: local, driver_opts: {type: nfs, n: 5, o: "password=x"}, labels: {a: b}}
  ext: {external: true}
  unused:`);
    expect(desired.networks).toEqual({
      a: { name: 'shop_a', key: 'a', external: false, driver: 'bridge', internal: true, labels: { x: '1' }, declared: ['driver'] },
      b: { name: 'theirs', key: 'b', external: true, internal: false, labels: {}, declared: [] },
      default: { name: 'shop_default', key: 'default', external: false, internal: false, labels: {}, declared: [] },
    });
    expect(desired.volumes).toMatchObject({
      data: {
        name: 'shop_data',
        key: 'data',
        external: false,
        driver: 'local',
        driverOptions: { type: 'nfs', n: '5' },
        labels: { a: 'b' },
      },
      ext: { name: 'ext', key: 'ext', external: true, driverOptions: {}, labels: {} },
    });
    expect(Object.keys(desired.volumes)).toEqual(['data', 'ext']);
  });

  it('leaves services of inactive profiles out', async () => {
    const yaml = 'services: {a: {image: i}, b: {image: i, profiles: [p, q]}, c: {image: i, profiles: [r]}}';
    const off = await stackOf(yaml);
    expect([Object.keys(off.desired.services), off.desired.inactiveServices, off.knownProfiles]).toEqual([
      ['a'],
      ['b', 'c'],
      ['p', 'q', 'r'],
    ]);
    expect(Object.keys((await stackOf(yaml, { profiles: ['q'] })).desired.services)).toEqual(['a', 'b']);
    expect(Object.keys((await stackOf(yaml, { environment: { COMPOSE_PROFILES: 'p,r' } })).desired.services)).toEqual(['a', 'b', 'c']);
    expect(Object.keys((await stackOf(yaml, { profiles: ['*'] })).desired.services)).toEqual(['a', 'b', 'c']);
  });
});

describe('secrets, configs and files that count', () => {
  it('come from files, the environment and the stack file', async () => {
    const folder = folderWith({
      'compose.yaml': `
services:
  web:
    image: i
    secrets: [s, {source: e, target: /x/e, uid: "103", gid: "104", mode: 0440}, {source: s, target: other}]
    configs: [f, {source: c, target: /etc/c, mode: "0400"}, {source: v, target: v.txt}]
    volumes: ["./f.txt:/ro:ro", "./f.txt:/rw", "./sub:/sub:ro", "./none:/none:ro", "./big.bin:/big:ro"]
secrets: {s: {file: ./s.txt}, e: {environment: E}}
configs: {f: {file: ./f.txt}, c: {content: "hi $\${X} \${E}"}, v: {environment: E}}`,
      's.txt': 'geheim',
      'f.txt': 'text',
      'sub/x': '',
      'big.bin': Buffer.alloc(1024 * 1024 + 1),
    });
    const result = await folder.read({ environment: { E: 'geheim2' } });
    const stack = result.ok ? result.value : expect.fail();
    const { volumes = [], files = [] } = stack.desired.services['web']?.settings ?? {};
    const open = (text: Parameters<typeof stack.vault.open>[0] | undefined) => text && stack.vault.open(text);
    expect(
      volumes.map(({ target, source, read_only, content }) => [target, source.slice(folder.path.length), read_only, open(content)]),
    ).toEqual([
      ['/big', '/big.bin', true, undefined],
      ['/f', '/f.txt', true, 'text'],
      ['/none', '/none', true, undefined],
      ['/ro', '/f.txt', true, 'text'],
      ['/run/secrets/other', '/s.txt', true, 'geheim'],
      ['/run/secrets/s', '/s.txt', true, 'geheim'],
      ['/rw', '/f.txt', false, undefined],
      ['/sub', '/sub', true, undefined],
    ]);
    expect(files.map(({ content, ...file }) => ({ ...file, content: open(content) }))).toEqual([
      { kind: 'config', name: 'c', target: '/etc/c', content: 'hi ${X} geheim2', uid: 0, gid: 0, mode: 0o400 },
      { kind: 'config', name: 'v', target: '/v.txt', content: 'geheim2', uid: 0, gid: 0, mode: 0o444 },
      { kind: 'secret', name: 'e', target: '/x/e', content: 'geheim2', uid: 103, gid: 104, mode: 0o440 },
    ]);
    expect(stack.missing).toEqual([]);
    expect(JSON.stringify(stack.desired)).not.toContain('"geheim');
  });
});
