import type { ChangeNote } from '../model/plan.ts';

export interface PlanSummary {
  readonly add: number;
  readonly change: number;
  readonly destroy: number;
  /** Processes of the host. */
  readonly end: number;
  /** Volumes that are copied, and that get other content. */
  readonly backup: number;
  readonly restore: number;
}

/** Counted as Terraform does: a replacement is one to add and one to destroy. A start is a change. */
export function planSummary(changes: readonly ChangeNote[]): PlanSummary {
  const count = (...verbs: readonly ChangeNote['verb'][]): number => changes.filter(({ verb }) => verbs.includes(verb)).length;
  return {
    add: count('create', 'replace', 'replace-start-first'),
    change: count('update', 'start'),
    destroy: count('remove', 'replace', 'replace-start-first'),
    end: count('end'),
    backup: count('backup'),
    restore: count('restore'),
  };
}
