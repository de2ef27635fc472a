import { describe, expect, it } from 'vitest';
import { readDotenv } from '../../src/spec/dotenv.ts';
import type { Finding } from '../../src/spec/finding.ts';
import { createSource } from '../../src/spec/mark.ts';

function read(text: string, outside: Record<string, string> = {}, raw = false) {
  const findings: Finding[] = [];
  const variables = readDotenv({ source: createSource('.env', text), outside: (name) => outside[name], raw }, (finding) =>
    findings.push(finding),
  );
  return { variables: Object.fromEntries(variables), problems: findings.map(({ message }) => message) };
}

describe('lines of an .env file', () => {
  it.each([
    ['A=1', { A: '1' }],
    ['  A=1\nexport   B=2\n\tC=3', { A: '1', B: '2', C: '3' }],
    ['# c\n\nA=1 # comment\nB=a#b', { A: '1', B: 'a#b' }],
    ['S=#x\nT=#x y\nU= #x\nV=#x # y', { S: '#x', T: '#x y', U: '#x', V: '#x' }],
    ['Z=a\t#b\nY=a \t # b', { Z: 'a\t#b', Y: 'a' }],
    ["J='it\\'s'", { J: "it's" }],
    ['A = spaced\nB: yaml', { A: 'spaced', B: 'yaml' }],
    ["A='$X # \\n'", { A: '$X # \\n' }],
    ['A="x\\ny # z" # c', { A: 'x\ny # z' }],
    ['A="two\nlines"\nB=1', { A: 'two\nlines', B: '1' }],
    ['A="say \\"hi\\""', { A: 'say "hi"' }],
    ['A=1\nB=$A-${A}\nC="${NO:-d}"', { A: '1', B: '1-1', C: 'd' }],
    ['A="\\$X"\nB=$$X', { A: '$X', B: '$X' }],
    ["A=it's", { A: "it's" }],
    ['A=a=b=c', { A: 'a=b=c' }],
    ['A=1\nA=2', { A: '2' }],
    ['A=1\r\nB=2\r\n', { A: '1', B: '2' }],
    ['FROM\nNOT', { FROM: 'outside' }],
    ['exported=1', { exported: '1' }],
    ['A=$FROM', { A: 'outside' }],
  ])('%j', (text, variables) => {
    expect(read(text, { FROM: 'outside' })).toEqual({ variables, problems: [] });
  });

  it('takes raw values as they stand', () => {
    expect(read(`A="x $B"\nC='y' # z`, {}, true).variables).toEqual({ A: '"x $B"', C: "'y' # z" });
  });

  it.each([
    ['A B=1', 'the name of a variable cannot hold a space: "A B"'],
    ['A!=1', 'the name of a variable cannot hold "!"'],
    ['=1', 'there is no name before the "="'],
    ['A="x', 'the quote of "A" is not closed'],
    ['A=${B', '"${B" is not closed with "}"'],
    ['A=${B:?why}', 'the variable "B" is not set: why'],
  ])('%j is a problem', (text, problem) => {
    expect(read(text).problems).toEqual([problem]);
  });
});
