import { expect, it } from 'vitest';
import { planText } from '../../src/render/plan-text.ts';
import { stepsText } from '../../src/render/steps-text.ts';
import { createStyle, plainStyle as style } from '../../src/render/style.ts';
import { bringUp, change, create, discard, field, network, plan, pull } from './kit.ts';

it('says that there is nothing to do', () => {
  expect(planText(plan(), { style })).toBe('No changes. The stack is as its files say.\n');
  expect(stepsText(plan())).toBe('nothing to do\n');
});

it('shows every verb, why, what it interrupts, and the sums', () => {
  const changes = [
    change({ of: 'volume', name: 'shop_data', verb: 'create', because: 'it is not there yet' }),
    change({ name: 'shop-db-1', service: 'db', verb: 'create', because: 'it is not there yet' }),
    change({
      fields: [field('image', { have: 'nginx:1', want: 'nginx:2' })],
      interrupts: 'stops shop-web-1 (up to 10 s to end), until it is ready again',
    }),
    change({ name: 'shop-api-1', service: 'api', verb: 'replace-start-first', fields: [field('environment.A', { have: '1', want: '2' })] }),
    change({ name: 'shop-cache-1', service: 'cache', verb: 'update', fields: [field('restart', { want: 'always', mend: 'update' })] }),
    change({ name: 'shop-job-1', service: 'job', verb: 'start', because: 'it is stopped, exit code 137' }),
    change({
      name: 'shop-old-1',
      service: 'old',
      verb: 'remove',
      because: 'service old is not declared any more',
      interrupts: 'stops shop-old-1 (up to 10 s to end)',
    }),
  ].map((each) => {
    const { service: _service, ...bare } = each;
    return each.of === 'volume' ? bare : each;
  });
  const steps = [
    pull('nginx:2'),
    ...bringUp('db'),
    create('web', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: false }] } }),
    create('api', { settings: { volumes: [{ type: 'volume', source: 'shop_data', target: '/data', read_only: true }] } }),
    discard('web'),
  ];
  expect(planText(plan({ changes, steps }), { style })).toMatchInlineSnapshot(`
    "stackctl will do the following to stack shop:
      + create
      > start
      ~ update in place
    -/+ replace: the old one stops first
    +/- replace: the new one starts first
      - remove

      + volume "shop_data" will be created (because it is not there yet)
      + container "shop-db-1" (service db) will be created (because it is not there yet)

      # container shop-web-1 will be replaced (because the file changed)
    -/+ container "shop-web-1" (service web) {
          ~ image = "nginx:1" -> "nginx:2"  # forces replacement
        }
        stops shop-web-1 (up to 10 s to end), until it is ready again

      # container shop-api-1 will be replaced without a gap (because the file changed)
    +/- container "shop-api-1" (service api) {
          ~ environment.A = "1" -> "2"  # forces replacement
        }

      # container shop-cache-1 will be updated in place (because the file changed)
      ~ container "shop-cache-1" (service cache) {
          + restart = "always"
        }

      > container "shop-job-1" (service job) will be started (because it is stopped, exit code 137)
      - container "shop-old-1" (service old) will be removed (because service old is not declared any more)
        stops shop-old-1 (up to 10 s to end)

    Removed for good once everything is ready: the old container shop-web-1, the old container shop-api-1 and container shop-old-1.
    Data that web writes into its volumes is not taken back by a rollback.
    7 steps. Timeouts: 10m forward, 10m back.

    Plan: 4 to add, 2 to change, 3 to destroy.
    "
  `);
});

it('shows steps with what they wait for when asked', () => {
  const steps = [pull('nginx:2'), network('shop_default'), ...bringUp('web', ['image.pull nginx:2'])];
  const unless = steps.map((each, i) => (i === 2 ? { ...each, unlessImage: { reference: 'nginx:2', id: 'x' } } : each));
  const text = planText(plan({ changes: [change({ verb: 'create', because: 'it is not there yet' })], steps: unless }), {
    style,
    verbose: true,
  });
  expect(text).toMatchInlineSnapshot(`
    "stackctl will do the following to stack shop:
      + create

      + container "shop-web-1" (service web) will be created (because it is not there yet)

    Steps:
    + pull image nginx:2  (needed by its containers)
    + create network shop_default  (it is not there yet)
    + create container shop-web-1 from nginx:2  (it is not there yet)
        after image.pull nginx:2
        unless nginx:2 turns out to be the same image
    > start container shop-web-1  (it is not there yet)
        after container.create shop-web-1
    ? wait until shop-web-1 is healthy  (it is not there yet)
        after container.start shop-web-1

    5 steps. Timeouts: 10m forward, 10m back.

    Plan: 1 to add, 0 to change, 0 to destroy.
    "
  `);
});

it('shows problems after the changes, and that a plan with an error cannot be applied', () => {
  const problems = [
    { code: 'port-taken', severity: 'error', message: 'port 80 is taken', at: { file: 'compose.yaml', line: 3, column: 7 } },
    { code: 'no-health-check', severity: 'warning', message: 'db has no health check' },
  ] as const;
  expect(planText(plan({ changes: [change({ verb: 'create', because: 'it is not there yet' })], problems }), { style }))
    .toMatchInlineSnapshot(`
    "stackctl would do the following to stack shop:
      + create

      + container "shop-web-1" (service web) will be created (because it is not there yet)

    compose.yaml:3:7: error: port 80 is taken

    warning: db has no health check

    This plan cannot be applied: 1 error.
    "
  `);
  expect(planText(plan({ problems: problems.slice(1) }), { style })).toBe(
    'warning: db has no health check\n\nNo changes. The stack is as its files say.\n',
  );
});

it('speaks of a stack that is taken down', () => {
  const changes = [change({ verb: 'remove', because: 'the stack is taken down' })];
  expect(planText(plan({ changes, steps: [discard('web')], rollbackTimeoutMs: 0 }), { style })).toMatchInlineSnapshot(`
    "stackctl will do the following to stack shop:
      - remove

      - container "shop-web-1" (service web) will be removed (because the stack is taken down)

    Removed for good: container shop-web-1.
    1 step. Timeout: 10m. Not rolled back.

    Plan: 0 to add, 0 to change, 1 to destroy.
    "
  `);
});

it('lets nothing from outside act on the terminal', () => {
  const evil = '\u001b[2J\u202eevil\u0007';
  const text = planText(
    plan({
      stack: evil,
      changes: [
        change({
          name: evil,
          service: evil,
          because: evil,
          interrupts: evil,
          fields: [field(`labels.${evil}`, { have: evil, want: `${evil}\n` })],
        }),
      ],
      problems: [
        { code: 'x', severity: 'warning', message: evil, hint: evil, at: { file: evil, line: 1, column: 1, source: evil, length: 3 } },
      ],
      steps: [pull(evil, { because: evil, after: [evil] })],
    }),
    { style, verbose: true },
  );
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
});

it('has the same text in colour', () => {
  const sample = plan({ changes: [change({ fields: [field('image', { have: 'a', want: 'b' })] })], steps: [discard('web')] });
  const colored = planText(sample, { style: createStyle({ color: true }) });
  expect(colored).toContain('\u001b[31m# forces replacement\u001b[39m');

  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(planText(sample, { style }));
});
