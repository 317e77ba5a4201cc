#!/usr/bin/perl
# journal.pl - what the figures of the journal need.
#
#	write SOCKET			each line of the input as an entry
#	cost ENTRIES COMMAND...		records a second of its processor time
#	latency COUNT SOCKET COMMAND...	until an entry has come, in ms
use strict;
use warnings;
use Socket;
use Time::HiRes qw(time sleep);

sub journal {
	my ($path) = @_;
	socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "socket: $!";
	connect($socket, pack_sockaddr_un($path)) or die "$path: $!";
	return $socket;
}

sub put {
	my ($socket, $message) = @_;
	send($socket, "MESSAGE=$message\nSYSLOG_IDENTIFIER=bench\n", 0)
		or die "send: $!";
}

sub write_all {
	my $socket = journal(@_);
	while (my $line = <STDIN>) {
		chomp $line;
		put($socket, $line);
	}
}

sub cost {
	my ($entries, @command) = @_;
	open(my $answer, '-|', @command) or die "$command[0]: $!";
	my ($got, $before) = (0, (times)[2] + (times)[3]);
	while (<$answer>) { $got++ if /^data: /; }
	close($answer);
	my $seconds = (times)[2] + (times)[3] - $before;
	die "$got of $entries" if $got < $entries;
	printf "%d\n", $got / $seconds;
}

# At moments that are no multiples of anything.
sub latency {
	my ($count, $path, @command) = @_;
	my $pid = open(my $answer, '-|', @command) or die "$command[0]: $!";
	while (<$answer>) { last if /^id: /; }
	my $socket = journal($path);
	my @took;
	for my $i (1 .. $count) {
		sleep(0.05 + rand(0.2));
		my $begin = time;
		put($socket, "latency $i");
		while (<$answer>) { last if $_ eq "data: latency $i\n"; }
		push @took, 1000 * (time - $begin);
	}
	kill 'TERM', $pid;
	@took = sort { $a <=> $b } @took;
	printf "%.0f ms until an entry has come, at most %.0f, of %d (at most 150)\n",
		$took[$count / 2], $took[-1], $count;
}

my %what = (write => \&write_all, cost => \&cost, latency => \&latency);
my $what = $what{shift(@ARGV) // ''} or die "usage: see above\n";
$what->(@ARGV);
