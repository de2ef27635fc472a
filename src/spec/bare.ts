/** The text of a number or a date as go-yaml writes it, which is more than a number can hold: 1e+06, 2001-01-01T00:00:00Z. */
export interface Bare {
  readonly [text]: string;
}

const text = Symbol('bare');

export const bare = (written: string): Bare => ({ [text]: written });

export const isBare = (value: unknown): value is Bare => typeof value === 'object' && value !== null && Object.hasOwn(value, text);

export const bareText = (value: Bare): string => value[text];
