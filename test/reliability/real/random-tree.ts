/**
 * Perl: random-tree FOLDER SEED: makes a tree in an empty folder, another one for each seed: folders in folders, names of any bytes and up
 * to 255 of them, owners, modes with set-id bits, times to the nanosecond, extended attributes, access lists, holes, hard links, symbolic
 * links that dangle or lead away, pipes, files without content.
 */
export const randomTreeProgram = String.raw`
use strict; use warnings; use Fcntl; use POSIX ();
my ($top, $seed) = @ARGV;
srand $seed;
my ($lsetxattr, $utimensat) = (189, 280);
sub any { $_[rand @_] }
my $count = 0;
sub name {
  my $n = $count++;
  return any("plain$n", "with blank $n", "line\n$n", "-$n", "tab\t\"'\\$n", "\xff\xfe$n", "\xc3\xbc$n", "*$n", 'n' x (255 - length $n) . $n, "#$n", "%41$n");
}
sub bytes { join '', map { chr int rand 256 } 1 .. $_[0] }
my @files; my @folders = ($top);
for (1 .. 12 + rand 30) {
  my $path = any(@folders) . '/' . name();
  my $kind = rand;
  if ($kind < 0.2) { mkdir $path or die "$path: $!"; push @folders, $path if length $path < 3000 }
  elsif ($kind < 0.3) { symlink any('/etc/passwd', 'nowhere', '../..', 'x' x 200, "\xff"), $path or die "$path: $!" }
  elsif ($kind < 0.35) { POSIX::mkfifo($path, 0600) or die "$path: $!" }
  elsif ($kind < 0.45 and @files) { link any(@files), $path or die "$path: $!"; next }
  else {
    sysopen my $file, $path, O_CREAT | O_EXCL | O_WRONLY or die "$path: $!";
    for (1 .. int rand 4) { sysseek $file, int rand(3_000_000), 0 if rand() < 0.4; syswrite $file, bytes(int rand 9000) }
    truncate $file, 5_000_000 if rand() < 0.1;
    close $file;
    push @files, $path;
  }
}
sub everything { my ($path) = @_; return ($path) if -l $path or not -d _; opendir my $f, $path or die; return ((map { everything("$path/$_") } grep { !/^\.\.?$/ } readdir $f), $path) }
my %done;
for my $path (everything($top)) {
  my $inode = (lstat $path)[1];
  next if $done{$inode}++;
  POSIX::lchown(any(0, 1000, 65534, 4_000_000_000), any(0, 33, 4_000_000_001), $path);
  my ($is_link, $is_folder, $is_file) = (-l $path, -d _, -f _);
  chmod any(0644, 0, 0777, 04755, 02711, 01777, 0600), $path unless $is_link;
  if ($is_file or ($is_folder and not $is_link)) {
    for (1 .. int rand 3) { my ($n, $v) = ("user.n$_", bytes(int rand 300)); syscall($lsetxattr, my $p = $path, $n, $v, length $v, 0) == 0 or die "$path: $!" }
    if (rand() < 0.2) {
      my $acl = pack('V', 2) . join '', map { pack('vvV', @$_) } [1, 6, 0xffffffff], [2, 4, 1234], [4, 4, 0xffffffff], [16, 6, 0xffffffff], [32, 4, 0xffffffff];
      syscall($lsetxattr, my $p = $path, my $n = 'system.posix_acl_access', $acl, length $acl, 0) == 0 or die "$path: $!";
    }
  }
  my $time = pack 'qqqq', (int rand 2_000_000_000, int rand 1_000_000_000) x 2;
  syscall($utimensat, -100, my $p = $path, $time, 256) == 0 or die "$path: $!";
}
`;
