import { mapValues, type ByName } from '../lib/record.ts';
import type { Text } from '../model/text.ts';
import type { Vault } from '../model/vault.ts';

/** Values by name; those whose name tells that they are secret are sealed. */
export const textsOf = (values: ByName<string>, vault: Vault): ByName<Text> => mapValues(values, (value, key) => vault.text(key, value));
