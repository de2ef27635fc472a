// report.mjs TALLY ENGINE: prints docs/reliability.md: what the harness counted (a line of JSON for each count, test/kit/tally.ts) in
// the order of the fault table. ENGINE is the version of the engine that most rows ran on.
import { readFileSync } from 'node:fs';

const [tallies, engine] = process.argv.slice(2);
const rows = JSON.parse(readFileSync(new URL('rows.json', import.meta.url), 'utf8'));
const counts = readFileSync(tallies, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));

/** Counts of the same thing on the same engine are one. */
function summed(row) {
  const sums = new Map();
  for (const { what, on, cases, violations } of counts.filter((count) => count.row === row)) {
    const sum = sums.get(`${what}\n${on}`) ?? { what, on, cases: 0, violations: 0 };
    sums.set(`${what}\n${on}`, { ...sum, cases: sum.cases + cases, violations: sum.violations + violations });
  }
  return [...sums.values()].sort((one, other) => (one.on + one.what < other.on + other.what ? -1 : 1));
}

const number = (count) => count.toLocaleString('en-US');

function lines({ row, fault, later }) {
  const sums = summed(row);
  if (sums.length === 0) return [`| ${row} | ${fault} | ${later ? `later, ${later}` : 'not run'} | | | |`];
  return sums.map(
    ({ what, on, cases, violations }, i) =>
      `| ${i === 0 ? row : ''} | ${i === 0 ? fault : ''} | ${what} | ${on} | ${number(cases)} | ${number(violations)} |`,
  );
}

const day = new Date().toISOString().slice(0, 10);
const part = Number(process.env.TEST_DEPTH ?? 1);
const howMuch = part === 1 ? '' : `, with TEST_DEPTH=${part}`;
const total = (key) => number(counts.reduce((sum, count) => sum + count[key], 0));
console.log(`# What was done to stackctl, and what came of it

Written by \`npm run reliability\`${howMuch} on ${day}, on Docker ${engine}, Node ${process.versions.node}: ${total('cases')} cases, ${total('violations')} violations.

After each case on a real engine everything there is of the stack is inspected and held against what was there before (by id, with names,
settings, labels, mounts, networks, aliases and whether it runs) and against what is wanted. A violation is: a third state, a container
beside the stack that noticed anything, a lock, note or journal that is left, an exit code that says something else, or a command that
outlives its deadline by more than five seconds. What was interrupted gets one \`stackctl recover\`.

| row | fault | what was done | on | cases | violations |
| --- | --- | --- | --- | ---: | ---: |
${rows.flatMap(lines).join('\n')}`);
