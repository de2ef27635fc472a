import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { execa } from 'execa';

/**
 * All that a file system tells of a folder's entries, a line for each, by other means than stackctl's own: kind, mode, owner, size, time of
 * the last change, content, target, names that are one file, blocks, extended attributes.
 */
export async function listing(folder: string): Promise<string[]> {
  const entries = await below(Buffer.from(folder));
  const firstOf = new Map<bigint, string>();
  const attributes = await attributesOf(folder);
  const lines: string[] = [];
  for (const path of entries) {
    const name = path.subarray(Buffer.byteLength(folder)).toString('latin1');
    const { mode, uid, gid, size, mtimeNs, ino, blocks } = await lstat(path, { bigint: true });
    const kind = Number(mode & 0o170000n);
    const isFile = kind === 0o100000;
    const first = firstOf.get(ino) ?? name;
    firstOf.set(ino, first);
    const content = isFile
      ? createHash('sha256')
          .update(await readFile(path))
          .digest('hex')
      : '';
    const target = kind === 0o120000 ? (await readlink(path, { encoding: 'buffer' })).toString('latin1') : '';
    // How many blocks hold the same is up to the file system; that holes stay holes is not
    const hasHoles = isFile && blocks * 512n < size;
    const facts = [mode.toString(8), uid, gid, kind === 0o040000 ? '' : size, mtimeNs, content, target, hasHoles];
    lines.push(JSON.stringify([name, ...facts.map(String), first, attributes.get(name) ?? '']));
  }
  return lines;
}

async function below(folder: Buffer): Promise<Buffer[]> {
  const found = await readdir(folder, { encoding: 'buffer', withFileTypes: true });
  found.sort((one, other) => Buffer.compare(one.name, other.name));
  const parts = await Promise.all(
    found.map(async (entry) => {
      const path = Buffer.concat([folder, Buffer.from('/'), entry.name]);
      return entry.isDirectory() ? below(path) : [path];
    }),
  );
  return [folder, ...parts.flat()];
}

/** By name, in latin1. Node has no call for them; Perl has them by number (x86-64). */
async function attributesOf(folder: string): Promise<Map<string, string>> {
  const { stdout } = await execa('perl', ['-e', attributesProgram, folder], { encoding: 'latin1' });
  const words = stdout.split('\0');
  return new Map(Array.from({ length: Math.floor(words.length / 2) }, (_, i) => [words[2 * i]!, words[2 * i + 1]!]));
}

const attributesProgram = String.raw`
use strict; use warnings;
my ($llistxattr, $lgetxattr) = (195, 192);
my $top = $ARGV[0];
sub look {
  my ($path) = @_;
  my $names = "\0" x 65536;
  my $length = syscall($llistxattr, my $p = $path, $names, 65536);
  if ($length > 0) {
    my @found = map {
      my $value = "\0" x 65536;
      my $size = syscall($lgetxattr, my $q = $path, my $name = $_, $value, 65536);
      "$_=" . unpack('H*', substr($value, 0, $size));
    } sort split /\0/, substr($names, 0, $length);
    print substr($path, length $top), "\0", join(' ', @found), "\0";
  }
  return if -l $path or not -d _;
  opendir my $folder, $path or die "$path: $!";
  look("$path/$_") for grep { $_ ne '.' and $_ ne '..' } readdir $folder;
}
look($top);
`;
