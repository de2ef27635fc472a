/** What later versions do; a person who asks for it gets a better answer than "unknown". */
export const laterCommands: readonly string[] = ['bundle', 'doctor', 'logs', 'pool', 'reset', 'restart'];
