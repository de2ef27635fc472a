import { lastPartOf } from '../lib/posix-path.ts';
import type { Finding } from './finding.ts';

const form = /^[a-z0-9][a-z0-9_-]*$/;

export interface NameSources {
  /** From a flag or COMPOSE_PROJECT_NAME: taken as it is, or refused. */
  readonly asked: string | undefined;
  /** From the file's `name`: brought into form, as in the reference. */
  readonly declared: string | undefined;
  /** The project directory. */
  readonly directory: string;
}

/** The name of the stack; a finding if there is none that an engine could take. */
export function stackNameOf({ asked, declared, directory }: NameSources): string | Finding {
  if (asked !== undefined && asked !== '') {
    const hint = 'lower-case letters, digits, "-" and "_", beginning with a letter or digit';
    return form.test(asked) ? asked : { code: 'bad-stack-name', message: `"${asked}" cannot be the name of a stack`, hint };
  }
  const name = normalised(declared ?? lastPartOf(directory));
  if (form.test(name)) return name;
  return { code: 'bad-stack-name', message: 'the stack has no name', hint: 'write `name: …` at the top of the file, or use -p' };
}

const normalised = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .replace(/^[-_]+/, '');
