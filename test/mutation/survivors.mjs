import { readFileSync } from 'node:fs';

const { reasons, survivors } = JSON.parse(readFileSync(new URL('survivors.json', import.meta.url), 'utf8'));

/** A survivor is known by what was changed to what, so that lines may move. */
const keyOf = ({ file, mutator, from, to }) => [file, mutator, from, to].join('\n');

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

/** One entry explains one survivor: another one of the same kind in the same file is not known yet. */
export function unexplained(found) {
  const known = survivors.filter(({ reason }) => Object.hasOwn(reasons, reason)).map(keyOf);
  return found.filter((each) => {
    const at = known.indexOf(keyOf(each));
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

function between(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines.push(lines.pop().slice(0, end.column - 1));
  return [lines[0].slice(start.column - 1), ...lines.slice(1)].join('\n');
}

const brief = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 120);
