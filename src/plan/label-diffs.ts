import { present } from '../lib/present.ts';
import { get, names, type ByName } from '../lib/record.ts';
import { isToolLabel } from '../model/tool-label.ts';
import { isSealed, type Text } from '../model/text.ts';

interface LabelDiff {
  readonly path: string;
  readonly have?: Text;
  readonly want?: Text;
}

/** Declared labels that differ, are missing, or are there without being declared. Those of Compose and of stackctl are nobody's. */
export function labelDiffs(want: ByName<Text>, have: ByName<Text>): LabelDiff[] {
  return names({ ...want, ...have })
    .filter((name) => !isToolLabel(name))
    .map((name) => ({ path: `labels.${name}`, have: get(have, name), want: get(want, name) }))
    .filter((label) => valueOf(label.have) !== valueOf(label.want))
    .map((label) => present(label));
}

/** What is shown of a sealed text says nothing about it; its seal does. */
export const valueOf = (text: Text | undefined): string | undefined => (isSealed(text) ? text.sealed : text);
