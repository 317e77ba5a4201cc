# proofs.bash - false proofs of positions, over logs of real programs that were
# truncated and filled again.  Part of run.
# shellcheck shell=bash disable=SC2154 # what run has set

# positions OLD NEW NAME
positions() {
	printf '%-34s %s\n' "$3" "$("$bench/proofs" "$1" "$2")"
}

# nginx answers so many requests, of a few clients for a few pages.
log_of_nginx() {
	local log=$1 from=$2 to=$3 port=$4

	rm -f "$work/proofs/access.log"
	nginx -e "$work/proofs/error.log" -p "$work/proofs" -c nginx.conf \
		-g "daemon off;" &
	servers+=($!)
	wait_until answers "$port"
	curl -s -o /dev/null "http://127.0.0.1:$port/page?[$from-$to]" \
		--parallel --parallel-max 8
	stop_servers
	mv "$work/proofs/access.log" "$log"
}

proofs_nginx() {
	local port

	command -v nginx >/dev/null || {
		echo "nginx: not installed"
		return
	}
	port=$(free_port)
	mkdir -p "$work/proofs"
	cat >"$work/proofs/nginx.conf" <<-END
		pid nginx.pid;
		events { }
		http {
			client_body_temp_path body;
			fastcgi_temp_path fastcgi;
			proxy_temp_path proxy;
			scgi_temp_path scgi;
			uwsgi_temp_path uwsgi;
			server { listen 127.0.0.1:$port; access_log access.log; }
		}
	END
	log_of_nginx "$work/old" 10000 69999 "$port"
	log_of_nginx "$work/new" 10000 69999 "$port"
	positions "$work/old" "$work/new" "nginx, the same 60,000 requests"
}

# What dpkg has written here, against itself from some lines later on.
proofs_dpkg() {
	local log=/var/log/dpkg.log lines=0 from

	if [ -r "$log" ]; then
		lines=$(wc -l <"$log")
	fi
	if ((lines < 1000)); then
		echo "dpkg: its log is too short"
		return
	fi
	for from in 2 7 100; do
		tail -n +"$from" "$log" >"$work/new"
		positions "$log" "$work/new" "dpkg.log, from line $from"
	done
}

# Root's sshd wants it to be there; where it runs as a service, it is.
make_sshd_folder() {
	if [ ! -d /run/sshd ] && mkdir /run/sshd 2>/dev/null; then
		folders+=(/run/sshd)
	fi
}

# sshd without times, as with -E; the ports of its clients differ.
log_of_sshd() {
	local log=$1 port=$2 i

	/usr/sbin/sshd -D -E "$log" -f /dev/null -h "$work/key" -p "$port" \
		-o ListenAddress=127.0.0.1 -o PidFile=none \
		-o LogLevel=VERBOSE &
	servers+=($!)
	wait_until answers "$port"
	for ((i = 0; i < 400; i++)); do
		(exec 3<>"/dev/tcp/127.0.0.1/$port" && echo x >&3 &&
			cat <&3 >/dev/null) 2>/dev/null || true
	done
	stop_servers
}

proofs_sshd() {
	local port

	if ! [ -x /usr/sbin/sshd ] || ! command -v ssh-keygen >/dev/null; then
		echo "sshd: not installed"
		return
	fi
	make_sshd_folder
	port=$(free_port)
	ssh-keygen -q -t ed25519 -N '' -f "$work/key"
	log_of_sshd "$work/old" "$port"
	log_of_sshd "$work/new" "$port"
	positions "$work/old" "$work/new" "sshd -E, without times"
}

# A line each minute that says that all is well; the second log begins later.
heartbeat() {
	perl -MPOSIX -e 'for (0 .. 49999) {
		print strftime("%F %T", gmtime($ARGV[0] + 60 * $_)),
			" heartbeat: ok\n"; }' "$1"
}

proofs_heartbeat() {
	heartbeat 1795000000 >"$work/old"
	heartbeat 1798000000 >"$work/new"
	positions "$work/old" "$work/new" "heartbeat, a month later"
	sed 's/^.*heart/heart/' "$work/old" >"$work/same"
	positions "$work/same" "$work/same" "heartbeat, without times (the same)"
}

bench_proofs() {
	echo "false proofs: positions of a log, after it was truncated and"
	echo "filled again; \"by-window\": proven by the last 128 bytes alone"
	proofs_nginx
	proofs_dpkg
	proofs_sshd
	proofs_heartbeat
}
