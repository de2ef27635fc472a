import { amountText } from '../lib/amount.ts';

/** How often it is told how far something is. */
const everyMs = 200;
const barLength = 20;

/** Tells how many bytes have passed and how fast: with a bar where it is known how many there will be. */
export function passingBytes(expected: number, tell: (note: string) => void, now = () => performance.now()): (bytes: number) => void {
  const from = now();
  let told = from - everyMs;
  return (bytes) => {
    const at = now();
    if (at - told < everyMs) return;
    told = at;
    const rate = at > from ? `, ${amountText((bytes * 1000) / (at - from))}/s` : '';
    tell(
      expected > 0
        ? `${bar(bytes / expected)} ${amountText(bytes)} of about ${amountText(expected)}${rate}`
        : `${amountText(bytes)}${rate}`,
    );
  };
}

function bar(part: number): string {
  const full = Math.min(barLength, Math.floor(part * barLength));
  return `${'█'.repeat(full)}${'░'.repeat(barLength - full)}`;
}
