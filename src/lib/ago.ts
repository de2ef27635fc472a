const units = [
  { name: 'days', ms: 24 * 3600_000 },
  { name: 'h', ms: 3600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
];

/** How long ago something was, as people say it: "40 s ago", "90 min ago", "2 h ago", "3 days ago". */
export function ago(ms: number): string {
  const { name, ms: one } = units.find((unit) => ms >= 2 * unit.ms) ?? { name: 's', ms: 1000 };
  return `${Math.max(0, Math.floor(ms / one))} ${name} ago`;
}
