import { helperWalk } from './helper-walk.ts';

/** Enters the folder of a file, link by link, and gives the file's own name; undefined where a folder is missing. */
const enter = `
my ($linked, @files) = @ARGV;

sub enter {
  my ($name) = @_;
  chdir '/place' or die "it cannot be entered: $!\\n";
  my $device = (stat '.')[0];
  my @parts = split m{/}, $name;
  my $last = pop @parts;
  for my $part (@parts) {
    my $folder = opened($part) or return;
    die "$name: $part is no folder\\n" if not -d $folder or (stat $folder)[0] != $device;
    chdir $folder or die "$name: $part cannot be entered: $!\\n";
  }
  return $last;
}

sub copy {
  my ($from, $to) = @_;
  system('cp', '--archive', '--remove-destination', '--no-target-directory', '--', $from, $to) == 0 or die "$from could not be copied\\n";
}
`;

/** A copy is whole and on disk under its name before the file goes. Prints how many went. */
export const removeFilesProgram = `${helperWalk}${enter}
mkdir $_ for grep { not -d $_ } '/aside/files', '/aside/part';
my $count = 0;
for my $i (0 .. $#files) {
  my $name = enter($files[$i]);
  my $entry = defined $name ? opened($name) : undef;
  next unless defined $entry;
  my @stat = stat $entry;
  die "$files[$i] is no regular file; nothing else is ever removed\\n" unless S_ISREG($stat[2]);
  die "$files[$i] has another name too (a hard link), so it may be a file of somebody else\\n" if $linked eq 'refuse' and $stat[3] > 1;
  copy("./$name", "/aside/part/$i");
  my @copied = lstat "/aside/part/$i";
  my @now = lstat $name;
  die "$files[$i] was changed while it was copied\\n"
    unless @now and $now[1] == $stat[1] and S_ISREG($copied[2]) and $copied[7] == $now[7] and $now[9] == $stat[9];
  on_disk("/aside/part/$i");
  rename "/aside/part/$i", "/aside/files/$i" or die "the copy of $files[$i] cannot be named: $!\\n";
  on_disk('/aside', '/aside/files');
  unlink $name or die "$files[$i] cannot be removed: $!\\n";
  on_disk('.');
  $count++;
}
print $count;
`;

/** What stands in its place now goes. The copy is gone once the file is there and on disk: what becomes of it later is not taken back. */
export const putBackFilesProgram = `${helperWalk}${enter}
for my $i (0 .. $#files) {
  next unless -e "/aside/files/$i";
  my $name = enter($files[$i]);
  die "the folder of $files[$i] is gone\\n" unless defined $name;
  my $new = ".stackctl-put-back-$i";
  copy("/aside/files/$i", "./$new");
  on_disk("./$new");
  rename $new, $name or die "$files[$i] cannot be put back: $!\\n";
  on_disk('.');
  unlink "/aside/files/$i" or die "the copy of $files[$i] cannot be removed: $!\\n";
  on_disk('/aside/files');
}
`;
