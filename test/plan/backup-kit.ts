import type { BackupPolicy } from '../../src/model/backup-policy.ts';
import type { ServiceSpec, VolumeSpec } from '../../src/model/desired.ts';
import type { SeenContainer } from '../../src/model/observed.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Mount } from '../../src/model/settings.ts';
import { plainOptions, type PlanOptions } from '../../src/plan/options.ts';
import { plan } from '../../src/plan/plan.ts';
import { changeText } from '../../src/render/change-text.ts';
import { plainStyle } from '../../src/render/style.ts';
import { desired, image, needs, observed, seen, seenVolume, service, volume } from '../kit/builders.ts';

export const mount = (source: string, read_only = false): Mount => ({ type: 'volume', source, target: `/${source}`, read_only });

const mounts = { volumes: [mount('shop_data')] };
export const db = service('db', { settings: mounts });
export const web = service('web', { settings: mounts, dependsOn: [needs('db', 'service_started')] });
export const reader = service('reader', { settings: { volumes: [mount('shop_data', true)] } });
/** Around a copy of what goes on. */
export const hooks = { service: 'db', pre: [{ command: ['dump'] }], post: [{ command: ['rm', 'dump'] }] };
/** It has to be made anew. */
export const anew = (one: ServiceSpec): ServiceSpec => ({ ...one, settings: { ...one.settings, user: 'nobody' } });

export interface Case {
  readonly policy?: Partial<BackupPolicy> | undefined;
  readonly data?: Partial<VolumeSpec>;
  readonly services?: readonly ServiceSpec[];
  readonly containers?: readonly SeenContainer[];
  readonly volumes?: readonly VolumeSpec[];
  readonly wanted?: Parameters<typeof desired>[0];
  readonly machine?: Parameters<typeof observed>[0];
  readonly options?: Partial<PlanOptions>;
}

const nginx = image('nginx:1', {});
export const images = {
  'nginx:1': nginx,
  [nginx.id]: { ...nginx, digests: ['nginx@sha256:1'] },
  'stackctl/helper:1': image('stackctl/helper:1'),
};

/** A stack with a volume that is backed up, on a machine where it is there. */
export function sides({
  policy = {},
  data = {},
  services = [db],
  containers,
  volumes = [],
  wanted = {},
  machine = {},
  options = {},
}: Case) {
  const declared = volume('data', { backup: { before: ['apply'], quiesce: 'stop', ...policy }, ...data });
  return {
    desired: desired({ services, volumes: [declared, ...volumes], ...wanted }),
    observed: observed({
      images,
      volumes: [seenVolume('shop_data'), ...volumes.map(({ name }) => seenVolume(name))],
      containers: containers ?? services.map((each) => seen(each)),
      ...machine,
    }),
    options: { ...plainOptions, ...options },
  };
}

export function planned(one: Case): Plan {
  const { desired: wanted, observed: world, options } = sides(one);
  return plan(wanted, world, options);
}

/** Each with what caused it, and how its fields are mended, which people do not read. */
export const changesOf = ({ changes }: Plan): string =>
  changes
    .map((change) => {
      const fields = change.fields.map(({ path, cause, mend }) => `; ${path}: ${cause}, ${mend}`);
      return `${changeText(change, plainStyle)}    (${change.of}, ${change.cause}${fields.join('')})\n`;
    })
    .join('');

export const problemsOf = ({ problems }: Plan): string[] =>
  problems.map(({ severity, code, message, hint = '', at }) => `${severity} ${code}${at ? ` @${at.file}` : ''}: ${message} (${hint})`);

/** What is done to volumes and images with all that is said of it; and what is waited for before. */
export const stepsOf = ({ steps }: Plan): string[] =>
  steps.map(
    ({ id, action, after }) =>
      `${id}${/^(volume|image)\./.test(action.kind) ? ` ${argsText(action.args)}` : ''}${after.length > 0 ? ` < ${after.join(', ')}` : ''}`,
  );

export const argsText = (args: unknown): string =>
  JSON.stringify(args)
    .replaceAll('"', '')
    .replaceAll(/[0-9a-f]{58}\b/g, '');

/** All of a plan: what people read of it, and its steps. */
export const whole = (made: Plan): string => [changesOf(made), ...problemsOf(made), '', ...stepsOf(made)].join('\n');
