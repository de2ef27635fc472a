/**
 * Perl: makes below /volume one of everything that a volume can hold, and as many small files as its first argument says. The calls for
 * extended attributes go by number (x86-64), for Perl has no words for them.
 */
export const treeProgram = String.raw`
use strict; use warnings; use Fcntl; use POSIX ();
chdir '/volume' or die;
sub put { my ($name, $text) = @_; sysopen my $f, $name, O_CREAT|O_WRONLY|O_TRUNC or die "$name: $!"; syswrite $f, $text if length $text; close $f }
sub setx { my ($path, $name, $value) = @_; my ($p, $n, $v) = ($path, $name, $value); syscall(188, $p, $n, $v, length $v, 0) == 0 or die "$path $name: $!" }
put('empty', '');
put('plain', 'x' x 5000);
put('setuid', '#!'); chown 0, 0, 'setuid'; chmod 06755, 'setuid';
put('sticky', 's'); chmod 01600, 'sticky';
put('none', 'n'); chmod 0, 'none';
put('owned', 'o'); chown 1000, 2000, 'owned';
put('far', 'f'); chown 4000000000, 4000000001, 'far';
put('a' x 255, 'long');
put("caf\xe9 \xff\xfe", 'not UTF-8');
put("line\nbreak", 'n'); put("tab\tquote\"back\\slash", 'q'); put(' ', 'blank'); put('-rf', 'dash'); put('*', 'star');
put("\xe2\x98\x83", 'snow');
mkdir 'deep' or die; my $deep = 'deep';
for (1 .. 12) { $deep .= '/' . ('d' x 100); mkdir $deep or die }
put("$deep/leaf", 'leaf');
mkdir 'shut' or die; put('shut/in', 'i'); chmod 0500, 'shut'; chown 33, 33, 'shut';
mkdir 'grouped' or die; chmod 02775, 'grouped';
symlink '/etc/passwd', 'absolute' or die; symlink 'nowhere/at/all', 'dangling' or die; symlink '../../..', 'upwards' or die; symlink 'plain', 'near' or die;
POSIX::lchown(7, 8, 'dangling');
symlink 'l' x 300, 'longlink' or die;
link 'plain', 'again' or die; link 'plain', 'deep/third' or die;
POSIX::mkfifo('fifo', 0640) or die;
sysopen my $h, 'holes', O_CREAT|O_WRONLY or die; sysseek $h, 10 * 1024 * 1024, 0; syswrite $h, 'middle'; sysseek $h, 50 * 1024 * 1024, 0; syswrite $h, 'end'; close $h;
sysopen $h, 'hollow', O_CREAT|O_WRONLY or die; truncate $h, 3 * 1024 * 1024; close $h;
setx('plain', 'user.note', "bytes \x00\x01\xff = %"); setx('owned', 'user.empty', '');
setx('plain', 'user.long', 'v' x 2000);
setx('setuid', 'security.capability', pack('V5', 0x02000001, 0x400, 0, 0, 0));
setx('owned', 'system.posix_acl_access', pack('V', 2) . join '', map { pack('vvV', @$_) } [1, 6, 0xffffffff], [2, 4, 1234], [4, 4, 0xffffffff], [16, 6, 0xffffffff], [32, 4, 0xffffffff]);
setx('grouped', 'system.posix_acl_default', pack('V', 2) . join '', map { pack('vvV', @$_) } [1, 7, 0xffffffff], [4, 5, 0xffffffff], [8, 7, 2000], [16, 7, 0xffffffff], [32, 0, 0xffffffff]);
mkdir 'many' or die; put("many/$_", $_ % 7 ? "$_
" : '') for 1 .. ($ARGV[0] // 0);
utime 1, 1, 'empty'; utime 4102444800, 4102444800, 'none'; utime 1000000000.123456, 1000000000.123456, 'sticky';
chown 5, 6, '.'; chmod 01777, '.';
utime 86400, 86400, 'grouped', '.';
`;
