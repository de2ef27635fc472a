import { expect } from 'vitest';

// vitest gives them the type any
export const matching = (pattern: RegExp | string): unknown => expect.stringMatching(pattern);
export const containing = (text: string): unknown => expect.stringContaining(text);
export const holding = (items: readonly unknown[]): unknown => expect.arrayContaining([...items]);
