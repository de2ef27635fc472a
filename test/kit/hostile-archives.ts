import { rawTar, type RawEntry } from './tar-texts.ts';

const root: RawEntry = { name: './', flag: '5', mode: 0o755 };
const bad = Buffer.from('bad');
const file = (name: string | Buffer, more: Partial<RawEntry> = {}): RawEntry => ({ name, content: bad, ...more });
const folder = (name: string): RawEntry => ({ name, flag: '5', mode: 0o755 });
const symlink = (name: string, link: string): RawEntry => ({ name, flag: '2', link });
const hardLink = (name: string, link: string): RawEntry => ({ name, flag: '1', link });
const device = (name: string, flag: '3' | '4'): RawEntry => ({ name, flag, device: [1, 3] });
const pax = (...records: readonly (readonly [string, string | Buffer])[]): Partial<RawEntry> => ({ pax: records });
const whole = (...entries: readonly RawEntry[]): Buffer => rawTar([root, ...entries]);

/** Names that lead somewhere else, or are none. */
const names = [
  ...[
    '../out',
    '../../../../etc/cron.d/x',
    './../out',
    'a/../../out',
    'a/..',
    '..',
    './..',
    'x/../y',
    '.././x',
    '/etc/passwd',
    '//etc/passwd',
    '/',
    './/x/../..',
  ],
  ...['a//b', 'a/./b', '/./x', './/../x', '...///..', 'a/b/../../../c'],
];

/** Through what is no folder. */
const through: readonly (readonly [string, readonly RawEntry[]])[] = [
  ['a symlink outward, then a file below it', [symlink('./l', '/etc'), file('./l/passwd')]],
  ['a symlink upwards, then a file below it', [symlink('./l', '../..'), file('./l/out')]],
  ['a symlink to itself, then a file below it', [symlink('./l', 'l'), file('./l/x')]],
  ['a symlink to a folder of the archive, then a file below it', [folder('./d/'), symlink('./l', 'd'), file('./l/x')]],
  ['a symlink in place of a folder that is there', [folder('./d/'), symlink('./d', '/etc'), file('./d/passwd')]],
  ['a symlink, then a folder in its place', [symlink('./d', '/etc'), folder('./d/'), file('./d/passwd')]],
  ['a file below a file', [file('./a'), file('./a/b')]],
  ['a file below a pipe', [{ name: './p', flag: '6' }, file('./p/b')]],
  ['a file below a hard link', [file('./a'), hardLink('./h', './a'), file('./h/b')]],
  ['a file in a folder that is not there', [file('./no/x')]],
  ['a folder in a folder that is not there', [folder('./no/in/')]],
  ['a file twice', [file('./a'), file('./a')]],
  ['a file twice, once without ./', [file('./a'), file('a')]],
  ['a folder twice', [folder('./d/'), folder('./d')]],
  ['the root twice', [folder('.')]],
  ['a file in place of the root', [file('.')]],
  ['a symlink in place of the root', [symlink('./', '/etc')]],
  ['a symlink over a file', [file('./a'), symlink('./a', '/etc/passwd'), file('./a')]],
];

const links = ['/etc/passwd', '../../etc/passwd', './../out', '..', '/', 'later', './d', './no', './h', '../h', '.', './'];

const paxed: readonly (readonly [string, Partial<RawEntry>])[] = [
  ['a name in a pax header that leads out', pax(['path', '../out'])],
  ['an absolute name in a pax header', pax(['path', '/etc/passwd'])],
  ['a name with a NUL', pax(['path', 'a\0b'])],
  ['an empty name in a pax header', pax(['path', ''])],
  [
    'a sparse name that leads out',
    pax(['GNU.sparse.major', '1'], ['GNU.sparse.minor', '0'], ['GNU.sparse.name', '../out'], ['GNU.sparse.realsize', '3']),
  ],
  ['a sparse file of another form', pax(['GNU.sparse.major', '0'], ['GNU.sparse.minor', '1'], ['GNU.sparse.map', '0,3'])],
  ['a sparse file without a size', pax(['GNU.sparse.major', '1'], ['GNU.sparse.minor', '0'])],
  ['a sparse map that is none', pax(['GNU.sparse.major', '1'], ['GNU.sparse.minor', '0'], ['GNU.sparse.realsize', '9'])],
  ['a size that is a lie', pax(['size', '99999999999'])],
  ['a negative size', pax(['size', '-1'])],
  ['a size that is no number', pax(['size', '1e9'])],
  ['an owner that is no number', pax(['uid', '0x0'])],
  ['a time that is none', pax(['mtime', 'yesterday'])],
  ['an access list by name', pax(['SCHILY.acl.access', 'user::rw-,user:root:rwx'])],
  ['a name of 300 bytes', pax(['path', 'n'.repeat(300)])],
];

const flags = ['8', '9', 'A', 'D', 'M', 'N', 'S', 'V', 'Z', 'X', '\u0001'];

/** Bytes that are no archive, or none that ends. */
const broken: readonly (readonly [string, Buffer])[] = [
  ['nothing', Buffer.alloc(0)],
  ['a text', Buffer.from('this is no tar at all\n'.repeat(100))],
  ['zeros behind which something stands', Buffer.concat([whole(file('./a')), Buffer.from('more')])],
  ['no end', whole(file('./a')).subarray(0, -1024)],
  ['half an end', whole(file('./a')).subarray(0, -512)],
  ['half a header', whole(file('./a')).subarray(0, 700)],
  ['half a content', whole(file('./a', { content: Buffer.alloc(5000) })).subarray(0, 3000)],
  ['an end in the middle', Buffer.concat([whole(file('./a')), whole(file('../out'))])],
  ['a size beyond its end', whole({ name: './a', size: 100_000 })],
  ['a link with content', whole({ ...symlink('./l', 'x'), content: bad })],
  ['a folder with content', whole({ ...folder('./d/'), content: bad })],
  ['a wrong checksum', whole(file('./a')).fill(0x41, 512 + 100, 512 + 104)],
];

/** Archives that must not be restored, by what is wrong with them: 100 and more. */
export const hostileArchives: readonly (readonly [string, Buffer])[] = [
  ...names.map((name) => [`a file called ${name}`, whole(file(name))] as const),
  ...names.slice(0, 10).map((name) => [`a folder called ${name}`, whole(folder(`${name}/`))] as const),
  ...names.slice(0, 10).map((name) => [`a file whose pax name is ${name}`, whole(file('x', pax(['path', name])))] as const),
  ...through.map(([what, entries]) => [what, whole(...entries)] as const),
  ...links.map(
    (link) => [`a hard link to ${link}`, whole(folder('./d/'), symlink('./l', '/etc'), hardLink('./h', link), file('./later'))] as const,
  ),
  ...(['3', '4'] as const).map((flag) => [`a device of kind ${flag}`, whole(device('./null', flag))] as const),
  ...paxed.map(([what, more]) => [what, whole(file('x', more))] as const),
  ...flags.map((flag) => [`an entry of the kind ${JSON.stringify(flag)}`, whole({ name: './x', flag })] as const),
  ...broken,
];
