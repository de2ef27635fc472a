// What was measured, as Markdown.

/**
 * @typedef {object} Line one tool in one group
 * @property {string} tool
 * @property {'s' | 'MB'} unit
 * @property {number[]} values
 * @property {string} [failed] why there are no (more) values
 * @property {readonly Comparison[]} [comparisons]
 * @property {number} [limit] what the median may be at most, in this unit
 *
 * @typedef {object} Comparison
 * @property {string} against the tool of another line of the group
 * @property {number} [atMost] bound of the ratio of medians
 * @property {{ line: string, more: number }} [orUpTo] also met when not above the median of `line` plus `more`
 *
 * @typedef {{ title: string, notes?: string, lines: readonly Line[] }} Group
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle - 1)] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

/** @param {number} value @param {Line['unit']} unit */
const shown = (value, unit) => (unit === 's' ? value.toFixed(value < 2 ? 3 : 2) : value.toFixed(0));

/** @param {boolean} met */
const verdict = (met) => (met ? '✓' : '**✗**');

/** @param {Line} line @param {Comparison} comparison @param {readonly Line[]} lines */
function compared(line, { against, atMost, orUpTo }, lines) {
  const other = lines.find(({ tool }) => tool === against);
  if (!other || other.values.length === 0)
    return { ratio: `– (no ${against})`, bound: atMost === undefined ? '' : `≤ ${atMost.toFixed(2)}` };
  const ratio = median(line.values) / median(other.values);
  const said = `${ratio.toFixed(2)} × ${against}`;
  if (atMost === undefined) return { ratio: said, bound: '' };
  const floor = lines.find(({ tool }) => tool === orUpTo?.line);
  const alternative = floor && orUpTo ? median(floor.values) + orUpTo.more : 0;
  const met = ratio <= atMost || median(line.values) <= alternative;
  const or = floor && orUpTo ? ` or ${floor.tool} + ${orUpTo.more * 1000} ms = ${shown(alternative, 's')} s` : '';
  return { ratio: said, bound: `≤ ${atMost.toFixed(2)}${or} ${verdict(met)}` };
}

/** @param {Line} line @param {readonly Line[]} lines */
function row(line, lines) {
  const { tool, unit, values, failed, comparisons = [], limit } = line;
  const reason = failed?.replaceAll('|', '\\|');
  if (values.length === 0) return [tool, '–', '–', '', reason ?? 'not measured'];
  const found = comparisons.map((comparison) => compared(line, comparison, lines));
  const bounds = found.map(({ bound }) => bound).filter(Boolean);
  if (limit !== undefined) bounds.push(`< ${limit} ${unit} ${verdict(median(values) < limit)}`);
  if (reason !== undefined) bounds.push(`stopped: ${reason}`);
  const range = `${shown(Math.min(...values), unit)}–${shown(Math.max(...values), unit)}`;
  return [tool, `${shown(median(values), unit)} ${unit}`, range, found.map(({ ratio }) => ratio).join('<br>'), bounds.join('<br>')];
}

/** @param {Group} group */
export function groupTable({ title, notes, lines }) {
  const cells = [
    ['Tool', 'Median', 'Min–max', 'Ratio of medians', 'Bound'],
    ['---', '--:', '--:', '---', '---'],
    ...lines.map((line) => row(line, lines)),
  ];
  return [`### ${title}`, '', ...(notes ? [notes, ''] : []), ...cells.map((each) => `| ${each.join(' | ')} |`), ''].join('\n');
}
