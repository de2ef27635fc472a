/** What Node calls an error: "ENOENT". Undefined: it has no such name. */
export const errorCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
