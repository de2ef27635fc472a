import { keyedHash } from '../lib/hash.ts';
import { present, some } from '../lib/present.ts';
import { fromEntries, mapValues } from '../lib/record.ts';
import type { Applied } from '../model/applied.ts';
import type { Command } from '../model/hook.ts';
import type { Settings } from '../model/settings.ts';
import { isSealed, type Text } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';
import { answerOf, type Answer } from './docker-answer.ts';

type HookSettings = Pick<Settings, 'post_start' | 'pre_stop'>;

/**
 * The hooks of a container as its label keeps them, since no engine does (docs/decisions/0008-hooks.md); undefined without any. Of a
 * sensitive value it has what people may see, and a hash under the container's own key.
 */
export function hooksLabel({ post_start, pre_stop }: HookSettings, { key }: Pick<Applied, 'key'>, vault: Vault): string | undefined {
  const write = (text: Text) => (isSealed(text) ? { hash: keyedHash(key, vault.open(text)), shown: text.shown } : { text });
  const each = ({ command, environment, ...rest }: Command) => ({
    ...rest,
    command: command.map(write),
    ...(environment && { environment: mapValues(environment, write) }),
  });
  const hooks = some(present({ post_start: post_start?.map(each), pre_stop: pre_stop?.map(each) }));
  return hooks && JSON.stringify(hooks);
}

/** What that label says. A sensitive value is found again by its hash if this run has read it; else it is lost. */
export function hooksFrom(label: string | undefined, { key }: Pick<Applied, 'key'>, vault: Vault): HookSettings {
  if (label === undefined) return {};
  const read = (written: Answer): Text => (written.has('hash') ? sealedOf(written, key, vault) : written.text('text'));
  const each = (hook: Answer): Command =>
    present({
      command: hook.list('command').map(read),
      user: hook.text('user') || undefined,
      privileged: hook.flag('privileged') || undefined,
      working_dir: hook.text('working_dir') || undefined,
      environment: some(fromEntries(hook.entries('environment').map(([name, value]) => [name, read(value)] as const))),
    });
  try {
    const hooks = answerOf(JSON.parse(label), 'hooks');
    return present({ post_start: some(hooks.list('post_start').map(each)), pre_stop: some(hooks.list('pre_stop').map(each)) });
  } catch {
    return {}; // somebody else wrote it: as good as none
  }
}

function sealedOf(written: Answer, key: string, vault: Vault): Text {
  const hash = written.text('hash');
  const shown = written.text('shown');
  const known = vault.find((value) => keyedHash(key, value) === hash);
  return known === undefined ? { sealed: hash, shown, lost: true } : { sealed: known, shown };
}
