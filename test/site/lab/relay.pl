# The command that OpenSSH's server runs for every session: hands the client's command line to the unit behind the
# socket and passes bytes on. In Perl, because it starts in a few milliseconds and every Debian has it. Frames from
# there: a type (1 output, 2 errors, 3 end), a length of four bytes, the bytes.
use strict;
use warnings;
use IO::Select;
use Socket;

socket(my $unit, AF_UNIX, SOCK_STREAM, 0) or exit 255;
connect($unit, pack_sockaddr_un($ARGV[0])) or exit 255;

sub put {
    my ($to, $bytes) = @_;
    while (length $bytes) {
        my $done = syswrite($to, $bytes);
        exit 255 unless defined $done;
        $bytes = substr($bytes, $done);
    }
}

my $command = $ENV{SSH_ORIGINAL_COMMAND} // '';
put($unit, length($command) . "\n" . $command);

my $select = IO::Select->new($unit, \*STDIN);
my $pending = '';
while (1) {
    for my $ready ($select->can_read) {
        my $got = sysread($ready, my $bytes, 65536);
        if ($ready == $unit) {
            exit 255 unless $got;
            $pending .= $bytes;
            while (length($pending) >= 5) {
                my ($type, $length) = unpack('CN', $pending);
                last if length($pending) < 5 + $length;
                my $part = substr($pending, 5, $length);
                $pending = substr($pending, 5 + $length);
                exit $part if $type == 3;
                put($type == 2 ? \*STDERR : \*STDOUT, $part);
            }
        } elsif ($got) {
            put($unit, $bytes);
        } else {
            $select->remove(\*STDIN);
            shutdown($unit, 1);
        }
    }
}
