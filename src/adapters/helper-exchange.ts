/**
 * Lets the "_data" folders of two volumes below /volumes change places, by renameat2 with RENAME_EXCHANGE: one step of the kernel, for
 * which Perl has no word. Arguments: the volume, the one beside it, "there", "back", or "look" (prints how they stand). Beside the second's folder lies the inode of
 * what was in the first one before anything was switched, on disk before the switch: whoever comes later knows by it which way they
 * stand. So it may be cut off anywhere and done again. Ends with another code than 0, and a reason, where it cannot tell.
 */
export const exchangeProgram = String.raw`
use strict; use warnings; use IO::Handle; use POSIX ();
my ($volume, $fresh, $way) = @ARGV;
my ($here, $there) = map { "/volumes/$_/_data" } $volume, $fresh;
my $record = "/volumes/$fresh/stackctl-inode";
my %numbers = (x86_64 => 316, aarch64 => 276, riscv64 => 276, ppc64le => 357, s390x => 347, armv7l => 382, i686 => 353);

sub inode { my ($path) = @_; my @seen = lstat $path or die "$path: $!\n"; -d _ or die "$path is no folder\n"; return "$seen[0]:$seen[1]" }
sub sync_folder { my ($path) = @_; open my $folder, '<', $path or die "$path: $!\n"; $folder->sync or die "$path: $!\n" }
sub read_record { open my $file, '<', $record or return undef; my $text = <$file>; chomp $text; return $text }
sub write_record {
  my ($text) = @_;
  open my $file, '>', "$record.new" or die "$record.new: $!\n";
  print $file "$text\n" or die "$record.new: $!\n";
  $file->flush && $file->sync && close $file or die "$record.new: $!\n";
  rename "$record.new", $record or die "$record: $!\n";
  sync_folder("/volumes/$fresh");
}

my $first = read_record();
if ($way eq 'look') { print defined $first && inode($there) eq $first ? "there\n" : "back\n"; exit 0 }
exit 0 if $way eq 'back' && !defined $first;
if (!defined $first) { $first = inode($here); write_record($first) }
my $is_there = inode($there) eq $first;
die "neither $here nor $there is what was in $volume at first\n" if !$is_there && inode($here) ne $first;
exit 0 if $is_there == ($way eq 'there');
my $number = $numbers{(POSIX::uname())[4]} or die "renameat2 has no known number on this machine\n";
my $at_cwd = -100;
syscall($number, $at_cwd, $here, $at_cwd, $there, 2) == 0 or die "could not switch $here with $there: $!\n";
sync_folder("/volumes/$volume");
sync_folder("/volumes/$fresh");
`;
