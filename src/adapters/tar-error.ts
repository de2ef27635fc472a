/** A tar that is not one, is damaged, or breaks off. */
export class TarError extends Error {
  override readonly name = 'TarError';
}
