#!/bin/bash
# engine.sh up|down|env|status|purge [--newest] · engine.sh run [--newest] COMMAND...
#   up      uses the engine it finds (DOCKER_HOST, else /var/run/docker.sock), else starts a private one of Debian's
#           docker.io, as root; prints one line, DOCKER_HOST=unix:///...
#   down    stops the private engine and removes its containers, networks and volumes; its images stay for the next time.
#           An engine that was found is left alone.
#   env     what `up` printed, for: export "$(engine.sh env)"
#   run     COMMAND with DOCKER_HOST set, where this engine's published ports are those of 127.0.0.1
#   purge   down, and all that was kept below STACKCTL_ENGINE_DIR (default /var/tmp/stackctl-engine)
# --newest, or STACKCTL_ENGINE=newest: the Docker of Debian sid, always private, in a network namespace of its own.
set -eu
. "$(dirname "$0")/common.sh"

command=
flavour=${STACKCTL_ENGINE:-debian}
while [ $# -gt 0 ]; do
  if [ "$1" = --newest ]; then flavour=newest
  elif [ -z "$command" ]; then command=$1
  else break; fi
  shift
done

dir=$state/$flavour
socket=$dir/docker.sock
number=$(($(printf %s "$dir" | cksum | cut -d' ' -f1) % 200 + 1)) # keeps engines of several state folders apart
bridge=stackctl$number
pool=100.$((64 + number % 64)).0.0/16
ranges="10.231.$number.0/24 $pool"
namespace=stackctl-$number
sid=$cache/sid-engine
enter=()
[ "$flavour" = newest ] && enter=(nsenter "--net=/run/netns/$namespace")

live() {
  pid=$(cat "$dir/docker.pid" 2>/dev/null) && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "unix://$socket"
}

found() { # the engine that is there already, if any; one that DOCKER_HOST names has to answer
  [ "$flavour" = debian ] || return 1
  host=${DOCKER_HOST:-}
  if [ -n "$host" ] && [ "$host" != "unix://$socket" ]; then
    api ping || fail "no engine answers at DOCKER_HOST=$host"
    return 0
  fi
  host=unix:///var/run/docker.sock
  DOCKER_HOST=$host api ping
}

install_docker() {
  local guard=/usr/sbin/policy-rc.d
  export PATH=$PATH:/usr/sbin:/sbin
  command -v dockerd >/dev/null && command -v runc >/dev/null && command -v ip >/dev/null && command -v iptables >/dev/null && return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "no engine answers, and only root on Debian can install one"
  say "installing docker.io"
  if [ ! -e "$guard" ]; then # or the package would start an engine of the whole machine
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$guard"
    chmod 755 "$guard"
  fi
  with_fresh_lists apt-get -qq -y --no-install-recommends install docker.io iptables iproute2
}

network_up() {
  if [ "$flavour" = newest ] && [ ! -e "/run/netns/$namespace" ]; then
    ip netns add "$namespace"
    "${enter[@]}" ip link set lo up
  fi
  close_ranges
  for range in $ranges; do "${enter[@]}" iptables -w -I FORWARD -s "$range" -d "$range" -j ACCEPT; done
  "${enter[@]}" ip link show "$bridge" >/dev/null 2>&1 && return 0
  "${enter[@]}" ip link add "$bridge" type bridge
  "${enter[@]}" ip addr add "10.231.$number.1/24" dev "$bridge"
  "${enter[@]}" ip link set "$bridge" up
}

close_ranges() {
  for range in $ranges; do
    while "${enter[@]}" iptables -w -D FORWARD -s "$range" -d "$range" -j ACCEPT 2>/dev/null; do :; done
  done
}

network_down() {
  close_ranges
  ip link del "$bridge" 2>/dev/null || true
  if [ "$flavour" = newest ]; then ip netns del "$namespace" 2>/dev/null || true; fi
}

# Published ports go through docker-proxy alone, and the machine's firewall stays as it is but for one rule for each of our
# ranges: containers may talk to each other, also where another Docker made everything else forbidden.
start() {
  install_docker
  [ "$(id -u)" = 0 ] || fail "no engine answers, and only root can start one"
  local programs=/usr/sbin:/sbin
  if [ "$flavour" = newest ]; then
    from_sid "$sid" docker.io docker-cli containerd
    programs=$sid/usr/sbin:$sid/usr/bin:$programs
  fi
  mkdir -p "$dir"
  rm -f "$dir/docker.pid" "$socket" "$dir/exec/containerd/containerd.pid" # left by an engine that was killed
  network_up
  PATH=$programs:$PATH setsid "${enter[@]}" dockerd --data-root "$dir/data" --exec-root "$dir/exec" --host "unix://$socket" \
    --pidfile "$dir/docker.pid" --bridge "$bridge" --default-address-pool "base=$pool,size=24" \
    --iptables=false --ip6tables=false </dev/null >>"$dir/log" 2>&1 8>&- 9>&- &
  DOCKER_HOST=unix://$socket api wait 60 $! || { tail -n 5 "$dir/log" >&2; fail "the engine did not start, see $dir/log"; }
}

up() {
  if ! found; then
    lock "$flavour"
    host=unix://$socket
    if live; then DOCKER_HOST=$host api wait 60 "$pid" || fail "our engine (pid $pid) does not answer"
    else start; fi
  fi
  echo "DOCKER_HOST=$host"
}

ended() { # waits SECONDS for the engine to end; a zombie has ended
  local deadline=$((SECONDS + $1))
  while live; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

down() {
  [ -d "$dir" ] || return 0
  lock "$flavour"
  export PATH=$PATH:/usr/sbin:/sbin DOCKER_HOST=unix://$socket
  if ! live; then
    [ -d "$dir/exec" ] || return 0
    start # after a crash it has to come up once more to clear up
    live
  fi
  api clear || say "not everything could be removed"
  kill "$pid"
  ended 60 || kill -KILL "$pid"
  network_down
  awk -v below="$dir/" 'index($2, below) == 1 {print $2}' /proc/mounts | sort -r | xargs -r umount -l
  rm -rf "$dir/exec" "$socket" "$dir/docker.pid"
}

env_line() {
  if found; then echo "DOCKER_HOST=$host"
  elif live; then echo "DOCKER_HOST=unix://$socket"
  else fail "no engine is up"; fi
}

status() {
  local whose="found, left alone on down"
  host=$(env_line)
  export "${host?}"
  [ "$DOCKER_HOST" != "unix://$socket" ] || whose="private, pid $(cat "$dir/docker.pid")"
  echo "$DOCKER_HOST: Docker $(api version), $whose"
}

case $command in
up)
  rm -f "$state/$flavour.stop-after-use" # of with-engine.sh: who asks for it by name wants it to stay
  up
  ;;
down) down ;;
env) env_line ;;
status) status ;;
run)
  host=$(env_line)
  exec env "$host" "${enter[@]}" "$@"
  ;;
purge)
  down
  rm -rf "$dir" "$cache"
  ;;
*)
  sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
