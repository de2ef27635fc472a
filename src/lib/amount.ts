const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes as people say them, rounded: "1.2 GB", "412 MB", "0 B". */
export function amountText(bytes: number): string {
  let [amount, power] = [bytes, 0];
  while (amount >= 999.5 && power < units.length - 1) [amount, power] = [amount / 1000, power + 1];
  return `${power > 0 && amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${units[power] ?? ''}`;
}
