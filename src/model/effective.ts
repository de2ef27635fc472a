import { fromEntries, type ByName } from '../lib/record.ts';
import type { ImageDefaults } from './observed.ts';
import type { HealthCheck, Mount, Settings } from './settings.ts';
import type { Text } from './text.ts';

/**
 * What the engine will show of a container that was made with these settings: declared values over what the image brings.
 * The rules are Docker's (Engine API 1.41 to 1.51): an entrypoint clears the image's command, environment, labels and volumes are
 * merged, a health check is merged field by field.
 */
export function effective(declared: Settings, image: ImageDefaults): Settings {
  const { container_name: _name, healthcheck: _healthcheck, ...settings } = declared;
  const healthcheck = effectiveHealthCheck(declared.healthcheck, image.healthcheck);
  return {
    ...settings,
    command: declared.command ?? (declared.entrypoint ? [] : image.command),
    entrypoint: declared.entrypoint ?? image.entrypoint,
    environment: withoutNull({ ...image.environment, ...declared.environment }),
    labels: { ...image.labels, ...declared.labels },
    volumes: effectiveMounts(declared, image),
    user: declared.user ?? image.user,
    working_dir: declared.working_dir ?? image.working_dir,
    stop_signal: declared.stop_signal ?? image.stop_signal,
    ...((declared.expose ?? image.expose) && { expose: [...new Set([...(declared.expose ?? []), ...(image.expose ?? [])])].sort() }),
    ...(healthcheck && { healthcheck }),
  };
}

function effectiveHealthCheck(declared: HealthCheck | undefined, image: HealthCheck | undefined): HealthCheck | undefined {
  if (declared?.test?.[0] === 'NONE') return { test: ['NONE'] };
  const merged = { ...image, ...declared };
  return merged.test && merged.test.length > 0 && merged.test[0] !== 'NONE' ? merged : undefined;
}

function effectiveMounts(declared: Settings, image: ImageDefaults): readonly Mount[] {
  const mounts = declared.volumes ?? [];
  const anonymous = image.volumes
    .filter((target) => !mounts.some((mount) => mount.target === target))
    .map((target): Mount => ({ type: 'volume', source: '', target, read_only: false }));
  return [...mounts, ...anonymous].sort((left, right) => (left.target < right.target ? -1 : 1));
}

const withoutNull = (environment: ByName<Text | null>): ByName<Text> =>
  fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])));
