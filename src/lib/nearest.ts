/** The candidate that a person most likely meant, if one is near enough. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const wanted = name.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) > limit || candidate === name) continue;
    const distance = distanceBetween(wanted, candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best ?? onlyEnding(wanted, candidates);
}

/** "healthy" for "service_healthy": the one candidate whose last word it is. */
function onlyEnding(wanted: string, candidates: Iterable<string>): string | undefined {
  const ending = [...candidates].filter((candidate) => candidate.toLowerCase().endsWith(`_${wanted}`));
  return ending.length === 1 ? ending[0] : undefined;
}

/** How many letters must be put in, left out, changed or swapped with their neighbour. */
function distanceBetween(left: string, right: string): number {
  let before: number[] = [];
  let row = Array.from({ length: right.length + 1 }, (_, i) => i);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let column = 1; column <= right.length; column++) {
      const same = left[i - 1] === right[column - 1];
      const swapped = i > 1 && column > 1 && left[i - 1] === right[column - 2] && left[i - 2] === right[column - 1];
      next[column] = Math.min(
        at(next, column - 1) + 1,
        at(row, column) + 1,
        at(row, column - 1) + (same ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return at(row, right.length);
}

const at = (row: readonly number[], i: number): number => row[i] ?? Infinity;
