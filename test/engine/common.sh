# shellcheck shell=bash
# Sourced by the scripts of this folder: where things lie, and Debian's packages, installed or only unpacked.
# Data goes to stdout, everything a person should read to stderr.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=${STACKCTL_ENGINE_DIR:-/var/tmp/stackctl-engine}
export cache=$state/cache
export DEBIAN_FRONTEND=noninteractive

say() { echo "$@" >&2; }
fail() { say "$(basename "$0"): $*"; exit 1; }
api() { node "$here/api.mjs" "$@"; }

# Two apts at once would refuse each other.
apt_alone() { mkdir -p "$state"; (flock 7 && "$@" >&2) 7>"$state/apt.lock"; }
fresh_lists() { apt_alone apt-get -qq update; }

# Runs apt once; where its lists are missing or too old, brings them up to date and runs it again.
with_fresh_lists() { apt_alone "$@" || { fresh_lists && apt_alone "$@"; }; }

# Holds an exclusive lock on fd 9 until the script ends; whatever it leaves running must be started with 9>&-.
lock() { mkdir -p "$state"; exec 9>"$state/$1.lock"; flock 9; }

# The Debian mirror that apt is set up with.
mirror() {
  local found
  found=$(cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '/^URIs:/ && $2 !~ /security/ && $2 ~ /debian/ {print $2; exit}')
  [ -n "$found" ] || found=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk '$1 == "deb" {for (i = 2; i <= NF; i++) if ($i ~ /^https?:/ && $i ~ /debian/ && $i !~ /security/) {print $i; exit}}')
  echo "${found:-http://deb.debian.org/debian}"
}

# from_sid DIR PACKAGE...: unpacks packages of Debian sid below DIR without installing them; at once when DIR is there.
from_sid() {
  local dir=$1 work="$1.new" package
  shift
  [ -d "$dir" ] && return 0
  rm -rf "$work"
  mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$work/root"
  printf 'Types: deb\nURIs: %s\nSuites: sid\nComponents: main\nSigned-By: %s\n' \
    "$(mirror)" /usr/share/keyrings/debian-archive-keyring.gpg >"$work/apt/sid.sources"
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/apt/sid.sources" -o Dir::Etc::sourceparts=-
    -o "Dir::State::lists=$work/apt/lists" -o "Dir::Cache::archives=$work/apt/archives"
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
  "${apt[@]}" update >&2
  (cd "$work/apt" && "${apt[@]}" download "$@" >&2)
  for package in "$work"/apt/*.deb; do dpkg-deb -x "$package" "$work/root"; done
  rm -rf "$work/apt"
  mv "$work/root" "$dir"
  rmdir "$work"
}
