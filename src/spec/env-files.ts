import { get, names, type ByName } from '../lib/record.ts';
import type { Declared, DeclaredService } from './declared.ts';
import { readDotenv } from './dotenv.ts';
import type { Files } from './file-answer.ts';
import type { Report } from './finding.ts';
import type { Lookup } from './interpolate.ts';
import { createSource, type Mark } from './mark.ts';

export interface EnvFileReading {
  readonly declared: Declared;
  readonly files: Files;
  readonly lookup: Lookup;
  readonly markOf: (...path: readonly string[]) => Mark;
  /** How people call a path. */
  readonly shown: (path: string) => string;
  readonly report: Report;
}

/**
 * The variables that the env_files of a service say; a later file wins. Within them, a variable means what the environment says, then
 * what the service's `environment` says, then what the files have said so far. Reports `env-file-missing` and `env-file-unreadable`.
 */
export function envFileVariables(name: string, reading: EnvFileReading): ByName<string> {
  const service: DeclaredService = get(reading.declared.services ?? {}, name) ?? {};
  const variables = new Map<string, string>();
  for (const [i, { path, required = true, format }] of (service.env_file ?? []).entries()) {
    const mark = reading.markOf('services', name, 'env_file', String(i), 'path');
    const answer = reading.files.get(path) ?? { kind: 'missing' };
    if (answer.kind === 'missing' && !required) continue;
    if (answer.kind !== 'text') {
      const why = answer.kind === 'missing' ? 'does not exist' : answer.why;
      reading.report({ code: `env-file-${answer.kind}`, message: `the env_file ${reading.shown(path)} ${why}`, mark });
      continue;
    }
    const read = readDotenv(
      {
        source: createSource(reading.shown(path), answer.text),
        outside: reading.lookup,
        first: (variable) => reading.lookup(variable) ?? get(service.environment ?? {}, variable) ?? undefined,
        last: (variable) => variables.get(variable),
        raw: format === 'raw',
      },
      reading.report,
    );
    for (const [key, value] of read) variables.set(key, value);
  }
  return Object.fromEntries(variables);
}

/** The labels that the label_files of a service hold; a later file wins. Reports `label-file-missing` and `label-file-unreadable`. */
export function labelFileLabels(name: string, { declared, files, markOf, shown, report }: EnvFileReading): ByName<string> {
  const labels = new Map<string, string>();
  for (const [i, path] of (get(declared.services ?? {}, name)?.label_file ?? []).entries()) {
    const answer = files.get(path) ?? { kind: 'missing' };
    if (answer.kind !== 'text') {
      const why = answer.kind === 'missing' ? 'does not exist' : answer.why;
      const mark = markOf('services', name, 'label_file', String(i));
      report({ code: `label-file-${answer.kind}`, message: `the label_file ${shown(path)} ${why}`, mark });
      continue;
    }
    const source = createSource(shown(path), answer.text);
    for (const [key, value] of readDotenv({ source, outside: (label) => labels.get(label) }, report)) labels.set(key, value);
  }
  return Object.fromEntries(labels);
}

/** The env_files and label_files of services, absolute. */
export const envFilesOf = (declared: Declared): string[] =>
  names(declared.services ?? {}).flatMap((name) => {
    const { env_file = [], label_file = [] } = get(declared.services ?? {}, name) ?? {};
    return [...env_file.map(({ path }) => path), ...label_file];
  });
