import { expect, test } from 'vitest';
import { createProject, type Project } from '../../kit/project.ts';
import { serviceText } from './field-row.ts';
import { compose, plannedChanges } from './story.ts';

/** A field with which no container can start on this machine. */
interface RefusedRow {
  readonly name: string;
  /** Why it cannot be tried in a container that runs. */
  readonly reason: string;
  readonly yaml: readonly [before: string, after: string];
  /** What the engine keeps of it is compared; undefined where it already refuses to make such a container. */
  readonly fields?: readonly unknown[];
  /** What a person is told by an apply; undefined: it could start, but would leave something behind. */
  readonly refusal?: RegExp;
}

const field = (path: string, before: unknown, after: unknown) => ({ path, before, after, cause: 'file', forces_replacement: true });

const rows: readonly RefusedRow[] = [
  {
    name: 'gpus',
    reason: 'needs a GPU, and the runtime of its maker',
    yaml: [
      'gpus: [{ driver: nvidia, count: 1, capabilities: [gpu], options: { a: "1" } }]',
      'gpus: [{ driver: nvidia, device_ids: ["0"], capabilities: [gpu] }]',
    ],
    fields: [field('device_requests.0', 'nvidia 1 [gpu] a=1', 'nvidia 0 [gpu]')],
    refusal: /could not select device driver/,
  },
  {
    name: 'reserved-devices',
    reason: 'needs a GPU, and the runtime of its maker',
    yaml: [
      'deploy: { resources: { reservations: { devices: [{ driver: nvidia, count: all, capabilities: [gpu, utility], options: { a: "1" } }] } } }',
      'deploy: { resources: { reservations: { devices: [{ driver: nvidia, device_ids: ["0", "1"], capabilities: [gpu] }] } } }',
    ],
    fields: [field('device_requests.0', 'nvidia all [gpu, utility] a=1', 'nvidia 0,1 [gpu]')],
    refusal: /could not select device driver/,
  },
  {
    name: 'slave-mount',
    reason: 'needs a mount of the host that is shared',
    yaml: [
      'volumes: [{ type: bind, source: ., target: /bound, bind: { propagation: rslave } }]',
      'volumes: [{ type: bind, source: ., target: /bound, bind: { propagation: slave } }]',
    ],
    fields: [field('volumes./bound', 'bind FOLDER (rslave)', 'bind FOLDER (slave)')],
    refusal: /not a shared or slave mount/,
  },
  {
    name: 'storage',
    reason: 'needs xfs with project quotas below the engine',
    yaml: ['storage_opt: { size: 1G }', 'storage_opt: { size: 2G }'],
    refusal: /storage-opt is supported only for overlay over xfs|is only supported|not support/i,
  },
  {
    name: 'real-time',
    reason: 'needs a kernel with real-time groups (CONFIG_RT_GROUP_SCHED)',
    yaml: ['cpu_rt_period: 10000\ncpu_rt_runtime: 5000', 'cpu_rt_period: 20000\ncpu_rt_runtime: 5000'],
    refusal: /does not support[^]*real-?time|real-?time/i,
  },
  {
    name: 'group',
    reason: 'a container that ran leaves its parent group behind',
    yaml: ['cgroup_parent: /stackctl-one', 'cgroup_parent: /stackctl-two'],
    fields: [field('cgroup_parent', '/stackctl-one', '/stackctl-two')],
  },
  {
    name: 'rates',
    reason: 'needs a block device of a known name',
    yaml: [
      'blkio_config: { device_read_bps: [{ path: /dev/none, rate: 1mb }], device_read_iops: [{ path: /dev/none, rate: 10 }], device_write_bps: [{ path: /dev/none, rate: 1024 }], device_write_iops: [{ path: /dev/none, rate: 20 }] }',
      'blkio_config: { device_read_bps: [{ path: /dev/none, rate: 2mb }], device_read_iops: [{ path: /dev/none, rate: 10 }], device_write_bps: [{ path: /dev/none, rate: 1k }], device_write_iops: [{ path: /dev/none, rate: 30 }] }',
    ],
    fields: [
      field('blkio_config.device_read_bps./dev/none', 1_048_576, 2_097_152),
      field('blkio_config.device_write_iops./dev/none', 20, 30),
    ],
    refusal: /\/dev\/none|no such file/,
  },
  {
    name: 'weights',
    reason: 'needs a kernel with weights for block devices',
    yaml: [
      'blkio_config: { weight: 300, weight_device: [{ path: /dev/none, weight: 400 }] }',
      'blkio_config: { weight: 500, weight_device: [{ path: /dev/none, weight: 400 }] }',
    ],
    refusal: /no weights for block devices|weight|\/dev\/none/,
  },
];

const text = ({ name, yaml }: RefusedRow, version: 0 | 1): string => `services:\n${serviceText(name, yaml[version])}`;

test.each(rows.filter(({ fields }) => fields))(
  '$name: what was made with it, and never started, has no other difference ($reason)',
  async (row) => {
    await using project = await createProject();
    await project.write('compose.yaml', text(row, 0));
    expect(await compose(project, ['create'])).toMatchObject({ exitCode: 0 });
    expect(await plannedChanges(project)).toMatchObject([{ verb: 'start', fields: [] }]);
    await project.write('compose.yaml', text(row, 1));
    expect(await plannedChanges(project)).toMatchObject([{ verb: 'replace', fields: row.fields }]);
    await project.write('compose.yaml', `services:\n${serviceText(row.name, '')}`);
    expect(await plannedChanges(project)).toMatchObject([
      { verb: 'replace', fields: expect.arrayContaining([expect.objectContaining({ cause: 'file' })]) },
    ]);
  },
);

test.each(rows.filter(({ refusal }) => refusal))('$name: the engine says why it cannot be, and nothing is left ($reason)', async (row) => {
  await using project = await createProject();
  await project.write('compose.yaml', text(row, 0));
  const ran = await project.stackctl(['apply', '--yes']);
  expect([1, 3]).toContain(ran.exitCode);
  expect(ran.stdout + ran.stderr).toMatch(row.refusal!);
  expect(await containersOf(project)).toEqual([]);
});

const containersOf = async (project: Project): Promise<string[]> => Object.keys(await project.containers());
