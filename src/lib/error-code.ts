/** What Node calls an error: "ENOENT". Undefined: it has no such name. */
export const errorCode = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
