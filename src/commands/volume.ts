import { nearest } from '../lib/nearest.ts';
import { names } from '../lib/record.ts';
import type { ExitCode, Invocation } from './command.ts';
import { refuse } from './screen.ts';

type Run = (invocation: Invocation) => Promise<ExitCode>;

/** What the words after `volume` do; each gets those after its own as positionals. */
const words: { readonly [word: string]: () => Promise<Run> } = {
  backup: async () => (await import('./volume-backup.ts')).runVolumeBackup,
  export: async () => (await import('./volume-export.ts')).runVolumeExport,
  restore: async () => (await import('./volume-restore.ts')).runVolumeRestore,
  fix: async () => (await import('./volume-fix.ts')).runVolumeFix,
  list: async () => (await import('./volume-list.ts')).runVolumeList,
  prune: async () => (await import('./volume-prune.ts')).runVolumePrune,
  show: async () => (await import('./volume-show.ts')).runVolumeShow,
  verify: async () => (await import('./volume-verify.ts')).runVolumeVerify,
};

/** Work on the stack's volumes: the first word says which. */
export async function runVolume(invocation: Invocation): Promise<ExitCode> {
  const [word = '', ...positionals] = invocation.positionals;
  const load = Object.hasOwn(words, word) ? words[word] : undefined;
  if (load) return (await load())({ ...invocation, positionals });
  const near = nearest(word, names(words));
  const hint = near === undefined ? `it has: ${names(words).join(', ')}` : `did you mean "stackctl volume ${near}"?`;
  const message = word === '' ? 'stackctl volume needs to know what to do' : `stackctl volume has no "${word}"`;
  return refuse([{ code: 'bad-value', severity: 'error', message, hint }], invocation);
}
