import { describe, expect, it } from 'vitest';
import {
  argumentWord,
  environmentWord,
  isUsableProgram,
  isWritable,
  pathWord,
  programWord,
  wholePath,
} from '../../../src/render/units/unit-words.ts';
import { systemdReads, whyNoSystemd } from './systemd-reads.ts';

/** Each with something that systemd takes for its own at one place or another. */
const paths = [
  '/plain/path-1.0_x@y:z,+',
  '/with a space/and  two',
  '/100%/%h/%%n',
  '/costs $5/$HOME/${HOME}',
  '/say "hi"/"',
  "/it's/'",
  `/both ' and " here`,
  '/semi;colon/ ; /#hash',
  '/żółć/日本',
  '/-/!/@/:/+',
];

/** Systemd takes no program whose path has one of these. */
const isProgram = (path: string): boolean => !/["']/.test(path);

/** The words of a command line as systemd's dump quotes them. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, inQuotes, plain]) => plain ?? inQuotes?.replace(/\\(.)/g, '$1') ?? '');

describe.skipIf(whyNoSystemd !== undefined)(`what systemd reads (${whyNoSystemd ?? 'asked for real'})`, () => {
  it.each(paths)('is what was meant: %s', async (path) => {
    const lines = await systemdReads(
      [
        '[Unit]',
        `RequiresMountsFor=/before ${pathWord(path)} /behind`,
        '[Service]',
        'Type=oneshot',
        `ExecStart=${programWord(isProgram(path) ? path : '/bin/true')} ${argumentWord(path)} last`,
        `Environment=${environmentWord('A', path)}`,
        `WorkingDirectory=${wholePath(path)}`,
        `ReadWritePaths=${pathWord(path, '-')}`,
        '',
      ].join('\n'),
    );
    const clean = path.replace(/\/+/g, '/').replace(/\/$/, '');
    expect(lines).toContain(`WorkingDirectory: ${clean}`);
    expect(lines).toContain(`ReadWritePaths: -${clean}`);
    expect(lines).toContain(`RequiresMountsFor: ${clean} (origin-file)`);
    expect(lines).toContain('RequiresMountsFor: /behind (origin-file)');
    expect(lines).toContain(`Environment: A=${path}`);
    const [program, ...words] = wordsOf(lines.find((line) => line.startsWith('Command Line: '))?.slice('Command Line: '.length) ?? '');
    expect(program).toBe(isProgram(path) ? clean : '/bin/true');
    // A "$" for a variable is worked out when the command starts, so the dump still has it twice
    expect(words).toEqual([path.replaceAll('$', '$$$$'), 'last']);
  });
});

describe('a path that can stand in a unit', () => {
  it.each(paths)('%s', (path) => {
    expect(isWritable(path)).toBe(true);
  });

  it.each(paths)('%s as a program', (path) => {
    expect(isUsableProgram(path)).toBe(isProgram(path));
  });

  it.each(['/line\nbreak', '/tab\t', '/ends with a space ', '/back\\slash', '/nul\0'])('not %j', (path) => {
    expect(isWritable(path)).toBe(false);
  });
});
