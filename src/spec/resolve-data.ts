import { get } from '../lib/record.ts';
import { present } from '../lib/present.ts';
import type { DataPlace } from '../model/data-place.ts';
import type { DataRule, WantedOwner } from '../model/data-rule.ts';
import type { Complete } from './complete.ts';
import { declaredData, ownerKind, type DeclaredData } from './data-users.ts';
import { volumeName } from './engine-names.ts';

/** What is declared of the files in each place, once a place; undefined if nothing is. */
export function dataRules(stack: Complete): DataRule[] | undefined {
  const all = declaredData(stack);
  const once = all.filter(({ kind, source }, i) => all.findIndex((other) => other.kind === kind && other.source === source) === i);
  return once.length === 0 ? undefined : once.map((data) => ruleOf(data, stack));
}

function ruleOf(data: DeclaredData, stack: Complete): DataRule {
  const { options, path, users } = data;
  return present({
    place: placeOf(data, stack),
    path: path.join('.'),
    owner: ownerOf(data),
    mode: options.mode,
    depth: options.depth,
    onDrift: options.on_drift ?? ('report' as const),
    removeBeforeStart: options.remove_before_start ?? [],
    userns: users.map((user) => get(stack.services, user)?.userns_mode).find((mode) => mode === 'host'),
  });
}

const placeOf = ({ kind, source }: DeclaredData, stack: Complete): DataPlace =>
  kind === 'volume' ? { kind, name: volumeName(stack, source) } : { kind, path: source };

function ownerOf({ options, users: [service = ''] }: DeclaredData): WantedOwner | undefined {
  const [user = '', group] = (options.owner ?? '').split(':');
  switch (ownerKind(options)) {
    case 'none':
      return undefined;
    case 'ids':
      return present({ by: 'ids' as const, uid: Number(user), gid: group === undefined ? undefined : Number(group) });
    case 'names':
      return present({ by: 'names' as const, user, group, service });
    case 'image-user':
      return { by: 'image-user', service };
  }
}
