/**
 * Perl that every program of ours which works inside a volume begins with. Whoever else has the volume may swap any name for a symlink at
 * any time, so everything is opened first, without following it, and then looked at and changed by what was opened: /proc/self/fd leads
 * to just that. Folders are entered the same way, and those of another file system not at all.
 */
export const helperWalk = `
use strict;
use warnings;
no warnings 'recursion';
use Fcntl qw(:DEFAULT :mode);
use constant O_PATH => 010000000;

# A name in the working directory, opened without following it; undefined if it is gone.
sub opened {
  my ($name) = @_;
  my $entry;
  return sysopen($entry, $name, O_PATH | O_NOFOLLOW) ? $entry : undef;
}

# Where what was opened can be named, whatever its name means by now.
sub path_of { return '/proc/self/fd/' . fileno($_[0]) }

# Calls $visit->($entry, $path, @stat) for the working directory and all below it, each folder before what is in it.
sub walk {
  my ($depth, $visit) = @_;
  my $root = opened('.') or die "it cannot be opened: $!\\n";
  my @stat = stat $root or die "it cannot be looked at: $!\\n";
  $visit->($root, '.', @stat);
  walk_into($root, { device => $stat[0], visit => $visit, prefix => '', depth => $depth });
}

sub walk_into {
  my ($folder, $walk) = @_;
  return if defined $walk->{depth} and $walk->{depth} < 1;
  chdir $folder or die "$walk->{prefix} cannot be entered: $!\\n";
  opendir my $list, '.' or die "$walk->{prefix} cannot be listed: $!\\n";
  my @names = grep { $_ ne '.' and $_ ne '..' } readdir $list;
  closedir $list;
  for my $name (@names) {
    my $entry = opened($name) or next;
    my @stat = stat $entry or next;
    next if $stat[0] != $walk->{device};
    my $path = $walk->{prefix} . $name;
    $walk->{visit}->($entry, $path, @stat);
    next if not S_ISDIR($stat[2]);
    my $below = defined $walk->{depth} ? $walk->{depth} - 1 : undef;
    walk_into($entry, { %$walk, prefix => "$path/", depth => $below });
    chdir $folder or die "$walk->{prefix} cannot be entered again: $!\\n";
  }
}

sub on_disk { system('sync', @_) == 0 or die "what was written could not be synced\\n" }
`;
