import type { Cause, ContainerChange } from '../model/change.ts';

/** What a change of a container is mostly because of: whatever stands in the files comes first. */
export function causeOf(change: ContainerChange): Cause {
  if (change.verb === 'start' || (change.verb === 'create' && change.gone)) return 'drift';
  const causes = 'fields' in change ? change.fields.map(({ cause }) => cause) : [];
  return (
    (['file', 'image', 'content', 'port', 'drift', 'data'] as const).find((cause) => causes.includes(cause)) ??
    (change.verb === 'replace' ? 'drift' : 'file')
  );
}
