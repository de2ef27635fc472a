import { expect, it } from 'vitest';
import type { Problem } from '../../src/model/problem.ts';
import { problemText } from '../../src/render/problem-text.ts';
import { problemCount, problemsText } from '../../src/render/problems-text.ts';
import { createStyle, plainStyle as style } from '../../src/render/style.ts';

const taken: Problem = {
  code: 'port-taken',
  severity: 'error',
  message: 'port 8080/tcp is held by nginx (process 812)',
  at: { file: 'stacks/shop/compose.yaml', line: 14, column: 9, source: '      - "8080:80"', length: 9 },
  hint: 'stop it, or publish web on another port',
};

const at = (file: string, line: number, column = 1): Problem => ({
  code: 'x',
  severity: 'error',
  message: `${file} ${line}`,
  at: { file, line, column },
});

it('prints a problem as a compiler does', () => {
  expect(problemText(taken, style)).toMatchInlineSnapshot(`
    "stacks/shop/compose.yaml:14:9: error: port 8080/tcp is held by nginx (process 812)
      14 |       - "8080:80"
         |         ^~~~~~~~~
      hint: stop it, or publish web on another port
    "
  `);
});

it('colours the severity and the mark', () => {
  const lines = problemText({ ...taken, severity: 'warning' }, createStyle({ color: true })).split('\n');
  expect(lines[0]).toContain('\u001b[33mwarning:');
  expect(lines[2]).toContain('\u001b[33m^~~~~~~~~\u001b[39m');
});

it('puts the mark right under wide letters, tabs and what was taken away', () => {
  const source = '\tимя: "中文\u001b[31m" # x';
  expect(problemText({ ...taken, message: 'm', at: { file: 'f', line: 1, column: 7, source, length: 9 } }, style)).toMatchInlineSnapshot(`
    "f:1:7: error: m
       1 |  имя: "中文" # x
         |       ^~~~~~
      hint: stop it, or publish web on another port
    "
  `);
});

it('cuts a very long line around the mark', () => {
  const source = `${'a'.repeat(300)}HERE${'b'.repeat(300)}`;
  const text = problemText({ ...taken, at: { file: 'f', line: 1, column: 301, source, length: 4 } }, style);
  const [, line = '', mark = ''] = text.split('\n');
  expect(line.length).toBeLessThan(140);
  expect(line.slice(mark.indexOf('^'), mark.indexOf('^') + 4)).toBe('HERE');
});

it('says nothing of a line that may hold a secret, and nothing of a place that there is not', () => {
  expect(problemText(at('f', 3), style)).toBe('f:3:1: error: f 3\n');
  expect(problemText({ code: 'x', severity: 'error', message: 'no engine\nat all' }, style)).toBe('error: no engine\n  at all\n');
});

it('sorts by place, keeps the order of files, counts at the end', () => {
  const problems: Problem[] = [
    { code: 'x', severity: 'warning', message: 'nowhere' },
    at('b', 9),
    at('a', 2, 5),
    at('b', 1),
    at('a', 2, 1),
  ];
  expect(problemsText(problems, { style, ending: 'nothing was touched' })).toMatchInlineSnapshot(`
    "b:1:1: error: b 1

    b:9:1: error: b 9

    a:2:1: error: a 2

    a:2:5: error: a 2

    warning: nowhere

    4 errors, 1 warning, nothing was touched.
    "
  `);
  expect(problemsText([], { style })).toBe('');
  expect(problemCount([at('a', 1)])).toBe('1 error');
});
