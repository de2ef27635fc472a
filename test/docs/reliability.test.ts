import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const rows = [...readFileSync('docs/reliability.md', 'utf8').matchAll(/^\| *(F\d+)? *\|(.*)\|$/gm)].map(([, row, rest = '']) => ({
  row,
  cells: rest.split('|').map((cell) => cell.trim()),
}));

test('docs/reliability.md has every row of the fault table', () => {
  expect(rows.flatMap(({ row }) => row ?? [])).toEqual(Array.from({ length: 27 }, (_, i) => `F${i + 1}`));
});

test.each(rows.map(({ row = '', cells: [fault, what, , cases, violations] }) => [row, fault, what, cases, violations]))(
  'docs/reliability.md %s %s %s: no violation, or not there yet',
  (_row, _fault, what, cases, violations) => {
    if (/^(later, with .*|not run)$/.test(what ?? '')) expect([cases, violations]).toEqual(['', '']);
    else expect([Number(cases?.replaceAll(',', '')) > 0, violations]).toEqual([true, '0']);
  },
);
