import { get } from '../lib/record.ts';
import { placeText } from '../model/data-place.ts';
import type { DataRule } from '../model/data-rule.ts';
import type { ServiceSpec } from '../model/desired.ts';
import type { SeenContainer } from '../model/observed.ts';
import type { Problem } from '../model/problem.ts';
import { isLooked, type LookedData } from '../model/seen-data.ts';
import { isForeign, outsiders, rulesOf, seenAt } from './data-changes.ts';
import { differText, octal, ownerText, wantedText } from './data-words.ts';
import type { Sides } from './diff.ts';
import { place } from './place.ts';

/** What people should know of the files of which something is declared, and what cannot be done to them. */
export const dataProblems = (services: readonly ServiceSpec[], sides: Sides): Problem[] =>
  rulesOf(services, sides).flatMap((rule) => {
    const seen = seenAt(rule, sides);
    if (seen && 'wrong' in seen) return [wrongOwner(rule, seen.wrong, sides)];
    if (!isLooked(seen)) return [];
    return [...refused(rule, seen, sides), ...differing(rule, seen, { services, sides })];
  });

const wrongOwner = (rule: DataRule, message: string, { desired }: Sides): Problem => ({
  code: 'unknown-owner',
  severity: 'error',
  message,
  ...place(desired, `${rule.path}.owner`, rule.path),
  hint: 'give the ids: "1000:1000"',
});

/** A hard link on a mounted folder may be a file of somebody else, and what is no plain file is nobody's to remove. */
function refused(rule: DataRule, { refused: reasons, differ }: LookedData, { desired }: Sides): Problem[] {
  const matters = rule.removeBeforeStart.length > 0 || (rule.onDrift === 'fix' && differ > 0);
  return reasons.map((reason) => ({
    code: 'data-refused',
    severity: matters ? 'error' : 'warning',
    message: `${placeText(rule.place)}: ${reason}`,
    ...place(desired, rule.path),
  }));
}

interface Looking {
  readonly services: readonly ServiceSpec[];
  readonly sides: Sides;
}

function differing(rule: DataRule, seen: LookedData, { services, sides }: Looking): Problem[] {
  const text = placeText(rule.place);
  if (seen.differ === 0 || (sides.options.fix?.includes(text) && !isForeign(rule, sides))) return [];
  const [outsider] = outsiders(rule, services, sides);
  const foreign = isForeign(rule, sides);
  if (rule.onDrift === 'fix' && !outsider && !foreign) return [];
  return [
    {
      code: 'files-differ',
      severity: 'warning',
      message: `${text}: ${rootText(rule, seen)}${differText(seen)}${leftAs(outsider, foreign)}`,
      ...place(sides.desired, `${rule.path}.owner`, `${rule.path}.mode`, rule.path),
      hint: hintFor(rule, outsider, foreign),
    },
  ];
}

function leftAs(outsider: SeenContainer | undefined, foreign: boolean): string {
  if (outsider) return `; left as it is, because ${outsider.name} runs with it, which this plan leaves alone`;
  return foreign ? '; left as it is, because it is not of this stack' : '';
}

function hintFor(rule: DataRule, outsider: SeenContainer | undefined, foreign: boolean): string {
  if (outsider) return 'let the plan include its service';
  if (foreign) return 'declare the volume with external: true to say that this is meant';
  return `to mend it: on_drift: fix, or once: stackctl volume fix${volumeKey(rule)}`;
}

/** What the root has instead of what is declared; nothing where only files below it differ. */
function rootText(rule: DataRule, seen: LookedData): string {
  const { uid = seen.root.uid, gid = seen.root.gid } = seen.wanted;
  const isOther = uid !== seen.root.uid || gid !== seen.root.gid;
  if (!rule.owner) return `mode ${octal(seen.root.mode)}, `;
  return isOther ? `owner ${ownerText(seen.root, rule)} instead of ${wantedText(rule, seen.wanted)}, ` : '';
}

const volumeKey = ({ path }: DataRule): string => {
  const key = /^volumes\.(.+)\.x-stack$/.exec(path)?.[1];
  return key === undefined ? '' : ` ${key}`;
};

/** Of what is declared of files, the places that are not as declared: for those who ask for drift. */
export const differingRules = (services: readonly ServiceSpec[], sides: Sides): { readonly rule: DataRule; readonly seen: LookedData }[] =>
  rulesOf(services, sides).flatMap((rule) => {
    const seen = get(sides.observed.data ?? {}, placeText(rule.place));
    return isLooked(seen) && seen.differ > 0 ? [{ rule, seen }] : [];
  });
