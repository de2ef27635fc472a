import type { Leaf } from '../model/change.ts';
import { isSealed, type Text } from '../model/text.ts';
import type { Json } from './plan-json.ts';
import { isList } from './value-text.ts';

/** A value as data; of a sensitive one only that it is. */
export const leafJson = (leaf: Leaf): Json => (isList(leaf) ? leaf.map(textJson) : textJson(leaf));

const textJson = (text: Text | number | boolean | null): Json => (isSealed(text) ? { sensitive: true } : text);
