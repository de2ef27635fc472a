import type { ByName } from '../lib/record.ts';
import type { Text } from '../model/text.ts';

/** A stack file for what is there, as plain data. */
export interface ImportedStack {
  readonly file: ByName<unknown>;
  /** What stands in it as "${NAME}" because it is sensitive. */
  readonly variables: ByName<Text>;
  /** What the file cannot say, for people; each a sentence without a full stop. */
  readonly notes: readonly string[];
}

/** Texts as they are written into a stack file. */
export interface Writing {
  /** With "$" doubled; a sensitive one as the variable that is named after where it stands. */
  text(where: readonly string[], text: Text): string;
}
