/**
 * Runs a command that fills a folder, syncs what it wrote, and tells what is there now: how many bytes the digests take (20 digits); for
 * each name of a file its SHA-256, two blanks, the name, and NUL; then all entries as a tar without content. So the files themselves need
 * not leave the helper again. Arguments: the folder, the words of the tar that lists, "--", the words of the command.
 */
export const listProgram = String.raw`
use strict;
use warnings;

my $folder = shift;
my @list;
while (@ARGV) { my $word = shift; last if $word eq '--'; push @list, $word }
chdir $folder or die "$folder: $!\n";

sub done { my ($what) = @_; return if $? == 0; warn "$what ended with $?\n"; exit(($? >> 8) || 1) }
system(@ARGV); done($ARGV[0]);
system('sync', '-f', '.'); done('sync');

binmode STDOUT;
open my $digests, '-|', qw(find . -xdev -type f -exec sha256sum --zero -- {} +) or die "find: $!\n";
my $said = do { local $/; <$digests> } // '';
close $digests; done('find');
printf '%020d', length $said;
print $said;

sub next_bytes {
  my ($from, $count) = @_;
  my $bytes;
  my $got = read $from, $bytes, $count;
  die "tar broke off\n" if not defined $got or $got < $count;
  return $bytes;
}

sub skip {
  my ($from, $count) = @_;
  while ($count > 0) { my $now = $count < 1048576 ? $count : 1048576; next_bytes($from, $now); $count -= $now }
}

# Record by record, as each says how long it is: the value of another one may look like this one
sub size_in {
  my ($records) = @_;
  my $size;
  while ($records =~ /\G(\d+) /gc) {
    my $start = pos($records) - length($1) - 1;
    my $record = substr $records, $start, $1;
    pos($records) = $start + length $record;
    $size = $1 if $record =~ /^\d+ size=(\d+)\n\z/;
  }
  return $size;
}

open my $tar, '-|', @list or die "tar: $!\n";
binmode $tar;
my $size_said; # what has no room in a header stands in the record before it
while (not eof $tar) {
  my $head = next_bytes($tar, 512);
  print $head;
  next if $head !~ /[^\0]/;
  my $kind = substr $head, 156, 1;
  my $size = $size_said // oct substr $head, 124, 11;
  my $whole = $size + (512 - $size % 512) % 512;
  undef $size_said;
  if ($kind !~ /[xgLK]/) { skip($tar, $whole); next }
  my $record = next_bytes($tar, $whole);
  print $record;
  $size_said = size_in(substr $record, 0, $size) if $kind eq 'x';
}
close $tar; done('tar');
`;
