/**
 * Perl that runs a command and stays until its output has been read: of a container that has ended an engine drops whatever is still on
 * its way to a slow reader after two seconds (https://github.com/moby/moby/issues/45689). Arguments: a mark that follows the output of a
 * command that ended well, how that may be ("0,1"), "input" if what comes in is for the command, and the words of the command. Whoever has
 * read the mark takes the container away; if nobody does any more, it goes by itself. A command that does not end well ends it at once.
 */
export const holdProgram = String.raw`
use strict;
use warnings;
my ($mark, $good, $has, @command) = splice @ARGV, 0;
open my $ours, '<&', \*STDIN or die "stdin: $!\n";
if ($has ne 'input') { open STDIN, '<', '/dev/null' or die "/dev/null: $!\n" }
my $ended = system { $command[0] } @command;
my $code = $ended == -1 ? 127 : $ended & 127 ? 128 + ($ended & 127) : $ended >> 8;
exit $code if not grep { $_ == $code } split /,/, $good;
syswrite STDOUT, $mark;
$SIG{ALRM} = sub { exit $code };
alarm 60;
if ($has eq 'input') { sleep 20; exit $code }
my $bytes;
1 while sysread $ours, $bytes, 4096;
exit $code;
`;
