import { present, some } from '../lib/present.ts';
import { fromEntries } from '../lib/record.ts';
import type { Command } from '../model/hook.ts';
import type { Settings } from '../model/settings.ts';
import type { Vault } from '../model/vault.ts';
import type { DeclaredService } from './declared.ts';
import type { DeclaredHook } from './declared-hooks.ts';
import { textsOf } from './texts-of.ts';

/** The hooks of a service, in the order in which they are run. */
export const hooksOf = ({ post_start, pre_stop }: DeclaredService, vault: Vault): Pick<Settings, 'post_start' | 'pre_stop'> =>
  present({
    post_start: some((post_start ?? []).map((hook) => commandOf(hook, vault))),
    pre_stop: some((pre_stop ?? []).map((hook) => commandOf(hook, vault))),
  });

/** One command as it is declared. */
export const commandOf = ({ command, environment = {}, ...rest }: DeclaredHook, vault: Vault): Command =>
  present({
    command: (command ?? []).map((word) => vault.text('', word)),
    user: rest.user || undefined,
    privileged: rest.privileged || undefined,
    working_dir: rest.working_dir || undefined,
    // A variable that has no value where the file is read is not passed on
    environment: some(
      textsOf(fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== null)), vault),
    ),
  });
