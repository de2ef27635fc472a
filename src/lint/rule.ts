import type { Problem } from '../model/problem.ts';
import type { Linted } from './linted.ts';

/** Everything there is to know about one rule of lint. */
export interface Rule {
  /** Stable, in kebab-case: it is written into stack files to silence the rule. */
  readonly id: string;
  readonly severity: Problem['severity'];
  /** One line: what it finds. */
  readonly finds: string;
  /** Why that matters. */
  readonly reason: string;
  /** What to do instead. */
  readonly fix: string;
  /** What it finds depends on the machine that lint runs on: a silence of it may have no effect here. */
  readonly ofMachine?: true;
  /** Codes of problems that reading the files reports already: those are this rule's findings. */
  readonly told?: readonly string[];
  find(linted: Linted): readonly Finding[];
}

/** One place where a rule does not hold. */
export interface Finding {
  readonly message: string;
  /** Where, as steps into the document; the nearest one that has a place is shown. */
  readonly path: readonly string[];
  /** Whose `x-stack.lint` can silence it. */
  readonly service?: string;
  /** More to the point than the rule's own. */
  readonly fix?: string;
}

/** A rule whose findings are problems that reading the files reports. */
export const toldByReading = (rule: Omit<Rule, 'find'> & Required<Pick<Rule, 'told'>>): Rule => ({ ...rule, find: () => [] });
