/** A shell command line as far as lint has to understand it. */
export type Script = readonly Item[];

interface Item {
  readonly list: AndOr;
  /** Ends in "&": nobody waits for it. */
  readonly background: boolean;
}

export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: '&&' | '||'; readonly pipeline: Pipeline }[];
}

export interface Pipeline {
  /** Begins with "!". */
  readonly negated: boolean;
  readonly commands: readonly Command[];
}

export type Command = SimpleCommand | { readonly kind: 'group'; readonly script: Script; readonly subshell: boolean };

export interface SimpleCommand {
  readonly kind: 'simple';
  readonly words: readonly Word[];
  /** The files that it is redirected from and to. */
  readonly redirects: readonly Word[];
}

export interface Word {
  /** Without its quotes; variables and substitutions as they are written. */
  readonly text: string;
  /** Whether it runs a command, or fails when a variable is not set. */
  readonly mayFail: boolean;
  readonly quoted: boolean;
}

export type Token = { readonly kind: 'operator'; readonly text: string } | ({ readonly kind: 'word' } & Word);

/** A word that stands for itself. */
export const literal = (text: string): Word => ({ text, mayFail: false, quoted: true });
