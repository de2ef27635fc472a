// Mutates the zones that are named (all, if none is), and fails for a score below a zone's target and for a survivor that nobody has
// explained. See README.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scoreOf, survivorsOf, unexplained } from './survivors.mjs';
import { zones } from './zones.mjs';

const here = import.meta.dirname;
const root = join(here, '../..');
const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js');

function mutate(zone) {
  const env = { ...process.env, ZONE: zone, TEST_DEPTH: zones[zone].depth ?? '0.1' };
  const { status } = spawnSync(process.execPath, [stryker, 'run', 'test/mutation/stryker.config.mjs'], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`Stryker ended with ${status} in zone ${zone}`);
  return JSON.parse(readFileSync(join(root, `.cache/mutants/${zone}.json`), 'utf8'));
}

/** The row of a zone in the table of README.md. */
function note(zone, { percent, noticed, mutants }) {
  const path = join(here, 'README.md');
  const date = new Date().toISOString().slice(0, 10);
  const row = `| ${zone} | ${zones[zone].target} % | ${percent.toFixed(1)} % | ${noticed} of ${mutants} | ${date} |`;
  const rows = new RegExp(`^\\| ${zone} \\|.*$`, 'm');
  writeFileSync(path, readFileSync(path, 'utf8').replace(rows, row));
}

let isBad = false;
for (const zone of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(zones)) {
  const report = mutate(zone);
  const score = scoreOf(report);
  note(zone, score);
  console.log(`${zone}: ${score.percent.toFixed(1)} % (${score.noticed} of ${score.mutants}), wanted: ${zones[zone].target} %`);
  const open = unexplained(survivorsOf(report));
  if (open.length > 0) console.log(`not explained in survivors.json:\n${open.map((each) => JSON.stringify(each)).join(',\n')}`);
  isBad ||= score.percent < zones[zone].target || open.length > 0;
}
process.exitCode = isBad ? 1 : 0;
