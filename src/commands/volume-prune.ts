import { amountText } from '../lib/amount.ts';
import { messageOf } from '../lib/message-of.ts';
import type { Backup } from '../model/backup.ts';
import { jsonText } from '../render/json-text.ts';
import { sanitize } from '../render/sanitize.ts';
import type { ExitCode, Invocation } from './command.ts';
import { namedVolumes } from './named-volumes.ts';
import { openBackups } from './open-backups.ts';
import { refuse } from './screen.ts';
import { withConsent } from './with-consent.ts';

/** Removes all but the newest backups of volumes, each named, after asking. Damaged ones are left for a person to look at. */
export async function runVolumePrune(invocation: Invocation): Promise<ExitCode> {
  const { flags, positionals, io } = invocation;
  if (flags.keep === undefined) return refuse([missing], invocation);
  const open = await openBackups(invocation);
  if (!open.ok) return refuse(open.error, invocation);
  const { opened, named, listed } = open.value;
  const volumes = namedVolumes(positionals, opened.setup.stack.desired);
  if (!volumes.ok) return refuse(volumes.error, invocation);
  const names = positionals.length > 0 ? volumes.value.map(({ name }) => name) : [...new Set(listed.map(({ volume }) => volume))];
  const old = names.flatMap((name) =>
    listed.filter((each): each is Backup => each.volume === name && !('damaged' in each)).slice(flags.keep),
  );
  if (flags.json) io.stdout.write(`${jsonText({ format_version: '1.0', removes: old.map(({ id, volume }) => ({ id, volume })) }, 2)}\n`);
  else
    for (const each of old)
      io.stdout.write(`- backup ${each.id} of volume ${sanitize(each.volume)} (${amountText(each.files.data.bytes)})\n`);
  if (old.length === 0) {
    if (!flags.json) io.stdout.write('There is nothing to remove.\n');
    return 0;
  }
  const question = `Remove ${old.length === 1 ? 'this backup' : `these ${old.length} backups`}? They cannot be brought back.`;
  return withConsent({ question, opened, engine: named.engine }, invocation, async () => {
    const failed: string[] = [];
    for (const each of old)
      await opened.setup.backups.remove(each).catch((error: unknown) => failed.push(`${each.id}: ${messageOf(error)}`));
    for (const why of failed) io.stderr.write(`error: backup ${why}\n`);
    return failed.length > 0 ? 4 : 0;
  });
}

const missing = {
  code: 'missing-value',
  severity: 'error',
  message: 'stackctl volume prune needs to know how many to keep',
  hint: 'write --keep N',
} as const;
