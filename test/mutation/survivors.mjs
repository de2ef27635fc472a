import { readFileSync } from 'node:fs';

const { reasons, survivors } = JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8'));

/** A survivor is known by what was changed to what, so that lines may move. */
const keyOf = ({ file, mutator, from, to }) => [file, mutator, from, to].join('\n');

const known = new Map(survivors.map((each) => [keyOf(each), each.reason]));

/** All mutants of a report of Stryker. */
const mutantsOf = ({ files }) =>
  Object.entries(files).flatMap(([file, { source, mutants }]) => mutants.map((mutant) => ({ file, source, ...mutant })));

export function scoreOf(report) {
  const count = (...statuses) => mutantsOf(report).filter(({ status }) => statuses.includes(status)).length;
  // With the last of these the tests could not even be loaded (vitest.config.mjs)
  const noticed = count('Killed', 'Timeout', 'RuntimeError');
  const mutants = noticed + count('Survived', 'NoCoverage');
  return { noticed, mutants, percent: (100 * noticed) / mutants };
}

/** The mutants that no test noticed. */
export const survivorsOf = (report) =>
  mutantsOf(report)
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ file, source, location, mutatorName, replacement }) => ({
      file,
      line: location.start.line,
      mutator: mutatorName,
      from: brief(between(source, location)),
      to: brief(replacement),
    }));

export const unexplained = (found) => found.filter((each) => !Object.hasOwn(reasons, known.get(keyOf(each)) ?? ''));

function between(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push(lines.pop().slice(0, end.column - 1));
  return [lines[0].slice(start.column - 1), ...lines.slice(1)].join('\n');
}

const brief = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 120);
