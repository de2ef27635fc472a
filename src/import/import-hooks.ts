import { present, some } from '../lib/present.ts';
import { mapValues } from '../lib/record.ts';
import type { Command } from '../model/hook.ts';
import type { Settings } from '../model/settings.ts';
import type { Writing } from './imported.ts';
import { plain } from './writing.ts';

interface Importing {
  readonly name: string;
  readonly writing: Writing;
}

type Kind = 'post_start' | 'pre_stop';

/** The hooks that a container keeps in its label; one that Compose made has none there. */
export function importHooks(settings: Settings, { name, writing }: Importing) {
  const hookOf = (kind: Kind, { command, environment = {}, user, working_dir, privileged }: Command) =>
    present({
      command: command.map((word) => writing.text([name, kind], word)),
      user: user && plain(user),
      privileged,
      working_dir: working_dir && plain(working_dir),
      environment: some(mapValues(environment, (value, key) => writing.text([name, kind, key], value))),
    });
  const hooksOf = (kind: Kind) => settings[kind]?.map((hook) => hookOf(kind, hook));
  return { post_start: hooksOf('post_start'), pre_stop: hooksOf('pre_stop') };
}
