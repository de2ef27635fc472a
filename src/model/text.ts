/** A sensitive value, by reference: the value itself stands in the vault and nowhere else. */
export interface Sealed {
  /** Keyed hash of the value; tells two values apart within one run or one saved plan. */
  readonly sealed: string;
  /** What people see instead, such as "(sensitive)" or "postgres://app:(sensitive)@db/shop". */
  readonly shown: string;
  /** The value stands nowhere any more: a container was made with it, and no file that is read now has it. */
  readonly lost?: true;
}

/** A text that may be sensitive. */
export type Text = string | Sealed;

export const isSealed = (value: unknown): value is Sealed => typeof value === 'object' && value !== null && 'sealed' in value;

/** Whether nobody can open it any more. */
export const isLost = (text: Text): boolean => isSealed(text) && text.lost === true;

/** The text as it may be printed. */
export const shownText = (text: Text): string => (isSealed(text) ? text.shown : text);
