import { sha256 } from '../../src/lib/hash.ts';
import { fromEntries } from '../../src/lib/record.ts';
import type { ImageDefaults } from '../../src/model/observed.ts';
import type { Settings } from '../../src/model/settings.ts';

/** A long id that only depends on the text, as engines have them. */
export const idOf = (text: string): string => sha256(text);

/** What inspect shows: the image's values where nothing is declared; no inner files; networks with their ids. */
export function asShown(
  { container_name: _name, files: _files, restart = 'no', ...declared }: Settings,
  defaults: ImageDefaults,
): Settings {
  const { healthcheck: _check, networks, ...plain } = declared;
  const environment = Object.entries({ ...defaults.environment, ...declared.environment }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  const check = declared.healthcheck ?? defaults.healthcheck;
  const attached = Object.entries(networks ?? {}).map(
    ([name, { aliases, id, links }]) => [name, { aliases, id: id ?? idOf(`network ${name}`), ...(links && { links }) }] as const,
  );
  const volumes = (declared.volumes ?? []).map(({ content: _content, ...mount }) => mount);
  return {
    ...plain,
    command: declared.command ?? (declared.entrypoint ? [] : defaults.command),
    entrypoint: declared.entrypoint ?? defaults.entrypoint,
    environment: fromEntries(environment),
    labels: { ...defaults.labels, ...declared.labels },
    user: declared.user ?? defaults.user,
    working_dir: declared.working_dir ?? defaults.working_dir,
    stop_signal: declared.stop_signal ?? defaults.stop_signal,
    volumes: [
      ...volumes,
      ...defaults.volumes
        .filter((target) => !volumes.some((mount) => mount.target === target))
        .map((target) => ({ type: 'volume' as const, source: '', target, read_only: false })),
    ],
    ...(restart !== 'no' && { restart }),
    ...(check && { healthcheck: check }),
    ...(networks && { networks: fromEntries(attached) }),
  };
}
