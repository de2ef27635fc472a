import { createHash, createHmac } from 'node:crypto';

/** SHA-256 as hex. */
export const sha256 = (text: string | Uint8Array): string => createHash('sha256').update(text).digest('hex');

/** HMAC-SHA-256 under a hex key, cut to 64 bits: enough to tell values apart, too short to carry them. */
export const keyedHash = (keyHex: string, text: string): string =>
  createHmac('sha256', Buffer.from(keyHex, 'hex')).update(text).digest('hex').slice(0, 16);
