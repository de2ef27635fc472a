import { helperWalk } from './helper-walk.ts';

/** What each entry should have. The arguments are uid, gid ("-": as it is), depth ("-": all), and the clauses of the mode. */
const wanted = `
my ($uid, $gid, $depth, $clauses, $linked, @rest) = @ARGV;
undef $depth if $depth eq '-';
# Words of digits become numbers: what Perl does with the bits of texts is something else.
my @clauses = map { [map { /^\\d+$/ ? $_ + 0 : $_ } split /,/] } split / /, $clauses;
my %shift = (u => 6, g => 3, o => 0);

# The owner, group and permission bits that an entry with this stat should have.
sub wanted {
  my (@stat) = @_;
  my $mode = $stat[2] & 07777;
  unless (S_ISLNK($stat[2])) { $mode = clause($mode, S_ISDIR($stat[2]), @$_) for @clauses }
  return ($uid eq '-' ? $stat[4] : $uid, $gid eq '-' ? $stat[5] : $gid, $mode);
}

# As chmod does it: src/lib/file-mode.ts has the same in our own language.
sub clause {
  my ($now, $is_folder, $mask, $op, $bits, $if_executable, $copy, $set_id) = @_;
  $bits |= 0111 & $mask if $if_executable and ($is_folder or $now & 0111);
  $bits |= (($now >> $shift{$copy}) & 7) * 0111 & $mask if $copy ne '-';
  return $now | $bits if $op eq '+';
  return $now & ~$bits if $op eq '-';
  $mask &= ~06000 if $is_folder and not $set_id;
  return ($now & ~$mask) | $bits;
}

sub differs {
  my (@stat) = @_;
  my ($owner, $group, $mode) = wanted(@stat);
  return $owner != $stat[4] || $group != $stat[5] || $mode != ($stat[2] & 07777);
}

# A folder of the host may share files with others by hard links; a volume cannot.
sub is_shared { my (@stat) = @_; return $linked eq 'refuse' && S_ISREG($stat[2]) && $stat[3] > 1 }
`;

/** Where the engine maps users (rootless, userns-remap), the helper knows only the ids of its containers: user_namespaces(7). */
const mapped = `
use Fcntl qw(O_NOATIME);
my %map = map { $_ => ids_in("/proc/self/\${_}_map") } qw(uid gid);
my $overflow = 65534; # what the kernel says of all others

# The ids of this user namespace, each range as its first and how many.
sub ids_in {
  my ($file) = @_;
  open my $map, '<', $file or die "$file: $!\n";
  return [map { my ($first, undef, $count) = split; [$first, $count] } <$map>];
}

sub has_id {
  my ($kind, $id) = @_;
  return $id eq '-' || grep { $id >= $_->[0] && $id < $_->[0] + $_->[1] } @{ $map{$kind} };
}

# Of somebody whom this namespace does not know, which is not the real 65534: only of files that it knows may the time be left alone.
sub is_foreign {
  my ($entry, @stat) = @_;
  return 0 if $stat[4] != $overflow and $stat[5] != $overflow;
  return 0 if sysopen my $again, path_of($entry), O_RDONLY | O_NOATIME | O_NONBLOCK;
  return $!{EPERM} || $!{EACCES};
}
`;

/** A change of owner takes set-id bits away, so the mode is set after it. */
const give = `
sub give {
  my ($entry, $path, $is_link, $owner, $group, $mode) = @_;
  chown $owner, $group, path_of($entry) or die "$path cannot be given to $owner:$group: $!\\n";
  return if $is_link;
  chmod $mode, path_of($entry) or die "$path cannot be given its mode: $!\\n";
}
`;

/** Prints pairs of words, each ended by NUL: what the root has, how many entries differ, and some of them; then the files asked for. */
export const lookProgram = `${helperWalk}${wanted}${mapped}
my ($seconds, $most, @files) = @rest;
my ($looked, $differ, $whole, @sample, @shared, @foreign) = (0, 0, 1);
my $until = time + $seconds;
sub told { print map { "$_\\0" } @_ }

chdir '/place' or die "it cannot be entered: $!\\n";
my $done = eval {
  walk($depth, sub {
    my ($entry, $path, @stat) = @_;
    die "enough\\n" if $looked >= $most or ($looked % 256 == 0 and time > $until);
    told('root', join ' ', @stat[4, 5], $stat[2] & 07777) if $path eq '.';
    $looked++;
    return unless differs(@stat);
    $differ++;
    push @sample, $path if @sample < 5 and $path ne '.';
    push @shared, $path if @shared < 5 and is_shared(@stat);
    push @foreign, $path if @foreign < 5 and is_foreign($entry, @stat);
  });
  1;
};
unless ($done) { die $@ if $@ ne "enough\\n"; $whole = 0 }
told('looked', $looked, 'differ', $differ, 'whole', $whole);
told('sample', $_) for @sample;
told('shared', $_) for @shared;
told('foreign', $_) for @foreign;
told('unknown', "user $uid") if not has_id('uid', $uid);
told('unknown', "group $gid") if not has_id('gid', $gid);

for my $name (@files) {
  chdir '/place' or die "it cannot be entered: $!\\n";
  my @parts = split m{/}, $name;
  my $last = pop @parts;
  my $entry;
  for my $part (@parts) {
    $entry = opened($part) or last;
    if (not -d $entry or not chdir $entry) { told('odd', $name); undef $entry; last }
  }
  next if @parts and not defined $entry;
  $entry = opened($last) or next;
  my @stat = stat $entry;
  if (S_ISREG($stat[2])) { told('file', $name, $stat[7]) } else { told('odd', $name) }
}
`;

/**
 * Two walks: the first writes down what differs, with what it has, and sees it on disk; the second changes just that. So whatever ends
 * it, and however often it is begun, the records, newest first, say how it was.
 */
export const ownProgram = `${helperWalk}${wanted}${mapped}${give}
my %noted;
chdir '/place' or die "it cannot be entered: $!\\n";
my $number = 0;
$number++ while -e "/aside/owners.$number";
my $record = "/aside/owners.$number";
open my $out, '>', "$record.part" or die "the record cannot be written: $!\\n";
walk($depth, sub {
  my ($entry, $path, @stat) = @_;
  return unless differs(@stat);
  die "$path has another name too (a hard link), so it may be a file of somebody else\\n" if is_shared(@stat);
  die "$path belongs to somebody whom this engine's containers do not know\\n" if is_foreign($entry, @stat);
  print $out join(' ', @stat[1, 4, 5], $stat[2] & 07777, $path), "\\0" or die "the record cannot be written: $!\\n";
  $noted{"$stat[1] $path"} = 1;
});
close $out or die "the record cannot be written: $!\\n";
if (%noted) {
  on_disk("$record.part");
  rename "$record.part", $record or die "the record cannot be named: $!\\n";
  on_disk('/aside');
  chdir '/place' or die "it cannot be entered: $!\\n";
  walk($depth, sub {
    my ($entry, $path, @stat) = @_;
    return unless $noted{"$stat[1] $path"} and differs(@stat) and not is_shared(@stat);
    give($entry, $path, S_ISLNK($stat[2]), wanted(@stat));
  });
  on_disk('-f', '/place');
} else {
  unlink "$record.part";
}
print scalar keys %noted;
`;

/** Newest record first. Each is gone once what it says is so again, and on disk: what happens to the files later is not taken back. */
export const disownProgram = `${helperWalk}${give}
my $number = 0;
$number++ while -e "/aside/owners.$number";
while ($number-- > 0) {
  my %was;
  open my $in, '<', "/aside/owners.$number" or die "the record cannot be read: $!\\n";
  local $/ = "\\0";
  while (my $line = <$in>) {
    chomp $line;
    my ($inode, $owner, $group, $mode, $path) = split / /, $line, 5;
    $was{"$inode $path"} = [$owner, $group, $mode];
  }
  close $in;
  chdir '/place' or die "it cannot be entered: $!\\n";
  walk(undef, sub {
    my ($entry, $path, @stat) = @_;
    my $then = $was{"$stat[1] $path"} or return;
    return if "@$then" eq join ' ', @stat[4, 5], $stat[2] & 07777;
    give($entry, $path, S_ISLNK($stat[2]), @$then);
  });
  on_disk('-f', '/place');
  unlink "/aside/owners.$number" or die "the record cannot be removed: $!\\n";
  on_disk('/aside');
}
`;
