import { nearest } from '../lib/nearest.ts';
import { get } from '../lib/record.ts';
import type { Place, Problem } from '../model/problem.ts';
import type { Linted } from './linted.ts';
import type { Finding, Rule } from './rule.ts';
import { rules } from './rules.ts';
import { silenceWithoutEffect } from './rules/silence-without-effect.ts';
import { silencesOf, type Silence } from './silences.ts';

/** A finding as people and programs are told of it. */
export interface Told {
  readonly rule: Rule;
  readonly message: string;
  readonly fix: string;
  readonly at?: Place;
  /** The reason, where a silence of the file covers it. */
  readonly silenced?: string;
}

/** Every finding of every rule, silenced ones among them, and those about the silences themselves. */
export function lint(linted: Linted, problems: readonly Problem[]): Told[] {
  const silences = silencesOf(linted.declared);
  const working = new Set<Silence>();
  const found = rules.flatMap((rule) => [
    ...rule.find(linted).map((finding) => told(rule, finding, { linted, silences, working })),
    ...toldOf(rule, problems).map((finding) => silencedBy(finding, { silences, working })),
  ]);
  return [
    ...found,
    ...withoutEffect(silences, working).map((finding) => told(silenceWithoutEffect, finding, { linted, silences: [], working })),
  ];
}

/** Problems of reading that a rule has words for. */
export const toldByRules = (problems: readonly Problem[]): Told[] => rules.flatMap((rule) => toldOf(rule, problems));

/** Problems of reading that no rule has words for. */
export const untold = (problems: readonly Problem[]): Problem[] =>
  problems.filter(({ code }) => !rules.some(({ told: codes = [] }) => codes.includes(code)));

const toldOf = (rule: Rule, problems: readonly Problem[]): Told[] =>
  problems
    .filter(({ code }) => rule.told?.includes(code) === true)
    .map(({ message, at, hint }) => ({ rule, message, fix: hint ?? rule.fix, ...(at && { at }) }));

interface Silencing {
  readonly silences: readonly Silence[];
  /** Those that covered a finding. */
  readonly working: Set<Silence>;
}

function told(rule: Rule, finding: Finding, { linted, ...silencing }: Silencing & { readonly linted: Linted }): Told {
  const at = placeAt(linted, finding.path);
  const plain: Told = { rule, message: finding.message, fix: finding.fix ?? rule.fix, ...(at && { at }) };
  return silencedBy(plain, silencing, finding.service);
}

function silencedBy(plain: Told, { silences, working }: Silencing, service?: string): Told {
  // The rules about silences cannot be silenced
  if (plain.rule.id.startsWith('silence-')) return plain;
  const silence = silences.find((each) => each.rule === plain.rule.id && (each.service === undefined || each.service === service));
  if (!silence) return plain;
  working.add(silence);
  return silence.reason === '' ? plain : { ...plain, silenced: silence.reason };
}

/** The place of the value at these steps, or of the nearest one around it. */
function placeAt({ desired }: Linted, path: readonly string[]): Place | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = get(desired.places, path.slice(0, length).join('.'));
    if (place) return place;
  }
  return undefined;
}

function withoutEffect(silences: readonly Silence[], working: ReadonlySet<Silence>): Finding[] {
  return silences.flatMap((silence): Finding[] => {
    const { rule: id, path } = silence;
    const rule = rules.find((each) => each.id === id);
    if (rule && (working.has(silence) || rule.ofMachine)) return [];
    if (rule) return [{ message: `the silence of ${id} silences nothing`, path }];
    const near = nearest(
      id,
      rules.map((each) => each.id),
    );
    return [{ message: `there is no rule ${id}`, path, fix: near === undefined ? 'see stackctl lint --rules' : `did you mean "${near}"?` }];
  });
}
