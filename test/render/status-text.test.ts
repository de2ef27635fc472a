import { expect, it } from 'vitest';
import { stateText } from '../../src/render/status-rows.ts';
import { statusJson, statusText } from '../../src/render/status-text.ts';
import { createStyle, plainStyle as style } from '../../src/render/style.ts';
import { change, desired, observed, seen, service } from './kit.ts';

const want = desired([
  service('web', {
    replicas: [1, 2].map((number) => ({ number, name: `shop-web-${number}` })),
    settings: {
      image: 'nginx:2',
      ports: [
        { host_ip: '::1', published: '8080', target: 80, protocol: 'tcp' },
        { host_ip: '', published: '', target: 81, protocol: 'udp' },
      ],
    },
  }),
  service('db'),
  service('gone'),
]);
const have = observed([
  seen('web', { state: { health: 'starting' } }),
  seen('db', { state: { status: 'exited', exitCode: 137, oomKilled: true } }),
  seen('old', { name: 'shop-old\u001b[2J-1' }),
]);

it('shows want against have, one line a service', () => {
  expect(`\n${statusText(want, have, { style })}`).toMatchInlineSnapshot(`
    "
    SERVICE  RUNNING  STATE                                    PORTS               IMAGE
    db       0/1      exited (137, out of memory)              -                   nginx:2
    gone     0/1      not created                              -                   nginx:2
    web      1/2      running (health: starting), not created  [::1]:8080->80/tcp  nginx:2

    Declared nowhere, but of this stack: shop-old-1.
    "
  `);
  expect(
    statusText(want, have, { style, changes: [change()] })
      .split('\n')
      .slice(0, 5),
  ).toMatchInlineSnapshot(`
    [
      "SERVICE  RUNNING  STATE                                    PORTS               IMAGE    CHANGE",
      "db       0/1      exited (137, out of memory)              -                   nginx:2  no",
      "gone     0/1      not created                              -                   nginx:2  no",
      "web      1/2      running (health: starting), not created  [::1]:8080->80/tcp  nginx:2  to replace",
      "",
    ]
  `);
  expect(statusText(desired([]), observed([]), { style })).toBe('Stack shop has no active services.\n');
});

it('colours the state', () => {
  const text = statusText(want, have, { style: createStyle({ color: true }) });
  expect(text).toContain('\u001b[31mexited (137, out of memory)');
  expect(text).toContain('\u001b[2mnot created');
});

const state = seen('x').state;
it.each([
  [{}, 'running'],
  [{ health: 'healthy' }, 'running (health: healthy)'],
  [{ restartCount: 1 }, 'running, 1 restart'],
  [{ status: 'exited' }, 'exited (0)'],
  [{ status: 'exited', exitCode: 1 }, 'exited (1)'],
  [{ status: 'restarting', exitCode: 1, restartCount: 5 }, 'restarting (1), 5 restarts'],
  [{ status: 'created' }, 'created, never started'],
  [{ status: 'created', error: 'no such file' }, 'created, start failed'],
  [{ status: 'paused' }, 'paused'],
] as const)('%o is %s', (parts, text) => {
  expect(stateText({ ...state, ...parts })).toBe(text);
});

it('says the same as data', () => {
  expect(statusJson(want, have)).toMatchInlineSnapshot(`
    {
      "format_version": "1.0",
      "services": [
        {
          "containers": [
            {
              "exit_code": 137,
              "id": "0123456789abcdef",
              "image": "nginx:2",
              "image_id": "sha256:aaaa",
              "name": "shop-db-1",
              "number": 1,
              "oom_killed": true,
              "ports": [],
              "restarts": 0,
              "service": "db",
              "started_at": "2026-01-01T00:00:00Z",
              "status": "exited",
            },
          ],
          "image": "nginx:2",
          "name": "db",
          "running": 0,
          "state": "exited (137, out of memory)",
          "wanted": 1,
        },
        {
          "containers": [],
          "image": "nginx:2",
          "name": "gone",
          "running": 0,
          "state": "not created",
          "wanted": 1,
        },
        {
          "containers": [
            {
              "health": "starting",
              "id": "0123456789abcdef",
              "image": "nginx:2",
              "image_id": "sha256:aaaa",
              "name": "shop-web-1",
              "number": 1,
              "oom_killed": false,
              "ports": [],
              "restarts": 0,
              "service": "web",
              "started_at": "2026-01-01T00:00:00Z",
              "status": "running",
            },
          ],
          "image": "nginx:2",
          "name": "web",
          "running": 1,
          "state": "running (health: starting), not created",
          "wanted": 2,
        },
      ],
      "stack": "shop",
      "undeclared": [
        {
          "id": "0123456789abcdef",
          "image": "nginx:2",
          "image_id": "sha256:aaaa",
          "name": "shop-old[2J-1",
          "number": 1,
          "oom_killed": false,
          "ports": [],
          "restarts": 0,
          "service": "old",
          "started_at": "2026-01-01T00:00:00Z",
          "status": "running",
        },
      ],
    }
  `);
});
