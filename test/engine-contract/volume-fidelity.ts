/** A perl program that fills /volume with everything that a file system can hold and a helper may make. */
export const everythingProgram = `
use strict; use warnings;
chdir '/volume' or die "chdir: $!";
sub put { my ($name, $content) = @_; open my $f, '>', $name or die "$name: $!"; print $f $content; close $f or die $! }
mkdir 'deep'; my $path = 'deep'; for (1 .. 60) { $path .= '/level'; mkdir $path or die $! } put("$path/bottom", "b");
put('empty', ''); put('plain', "hello\\n"); put("line\\nend", 'x'); put("tab\\tquote'\\"\\\\", 'x'); put(' ', 'space'); put('-rf', 'x');
put('n' x 255, 'long'); put("\\xff\\xfe-not-utf8", 'bytes'); put("\\xc3\\xbc", 'utf8');
put('setuid', 's'); chown 1000, 1001, 'setuid'; chmod 04755, 'setuid';
put('setgid', 's'); chown 65534, 65534, 'setgid'; chmod 02711, 'setgid'; mkdir 'sticky'; chmod 01777, 'sticky';
put('no-rights', 'n'); chmod 0, 'no-rights'; put('big-ids', 'i'); chown 4000000000, 3999999999, 'big-ids';
put('hard', 'link'); link 'hard', 'sticky/hard2' or die $!; link 'hard', 'zz-hard3';
symlink 'plain', 'to-plain'; symlink '/etc/passwd', 'absolute'; symlink 'nowhere/at/all', 'dangling'; symlink 'x' x 300, 'far';
system('mkfifo', '-m', '0620', 'pipe') == 0 or die 'mkfifo';
open my $s, '>', 'sparse' or die $!; seek $s, 5_000_000, 0; print $s 'middle'; seek $s, 40_000_000, 0; print $s 'end'; close $s;
open my $h, '>', 'hole' or die $!; truncate $h, 1_000_000_000; close $h;
my $setxattr = 188;
sub attribute { my ($name, $key, $value) = @_; syscall($setxattr, "$name\\0", "$key\\0", $value, length $value, 0) == 0 or die "$key: $!" }
attribute('plain', 'user.note', "with\\0bytes\\xff"); attribute('plain', 'user.a=b%c', 'odd'); attribute('deep', 'user.folder', 'f');
attribute('setgid', 'security.capability', pack('VVVVV', 0x02000001, 0x400, 0, 0, 0));
my $acl = pack('V', 2) . join('', map { pack('vvV', @$_) } [1, 6, 0xffffffff], [2, 4, 1234], [4, 4, 0xffffffff], [8, 2, 77], [16, 6, 0xffffffff], [32, 0, 0xffffffff]);
attribute('plain', 'system.posix_acl_access', $acl); attribute('sticky', 'system.posix_acl_default', $acl);
mkdir 'many'; for my $i (1 .. $ARGV[0]) { put("many/" . ('f' x ($i % 40)) . $i, 'c' x ($i % 700)) }
system('touch', '-d', '\@1234567890.123456789', 'plain') == 0 or die 'touch'; utime 0, 0, 'empty'; utime -100, -100, 'hard';
`;
