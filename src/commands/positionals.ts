import type { Positionals } from './command.ts';

/** What may stand after a command's name, where several commands take the same. */
export const positionals = {
  none: { name: '', summary: '', most: 0, completes: 'nothing' },
  services: { name: 'SERVICE', summary: 'Only these services and what they need', most: Infinity, completes: 'service' },
} as const satisfies { readonly [name: string]: Positionals };
