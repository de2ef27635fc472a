#!/bin/bash
# images.sh [missing] [busybox redis nginx postgres helper ...]: makes images of Debian's packages, without a registry, in the engine at
# DOCKER_HOST: stackctl/busybox:1 (and :2, the same with another VERSION), redis:7, nginx:1, postgres:15, and
# helper:1, which stands for the Debian image that works inside volumes.
# An image that is there is left as it is; packages and finished images are kept below STACKCTL_ENGINE_DIR/cache.
# `missing` makes nothing: it prints the names of those images that are not there.
# A package is only unpacked, its install scripts never run; busybox is the shell. Needs apt, but not root.
set -eu
. "$(dirname "$0")/common.sh"
debs=$cache/debs
images=$cache/images
work=$cache/work

# What only the packages' install scripts need, or what costs much and is not needed to run.
drop='adduser|coreutils|debconf|debconf-2.0|dpkg|gcc-12-base|init-system-helpers|iproute2|libaudit-common|libdb5.3|libgdbm.*|'
drop+='libjson-perl|libllvm.*|libpam-modules.*|libpam-runtime|libperl.*|libsemanage.*|libsepol.*|libz3.*|locales|login|lsb-base|'
drop+='netbase|openssl|passwd|perl.*|postgresql-client-common|postgresql-common|readline-common|sensible-utils|ssl-cert|'
drop+='sysvinit-utils|tar|ucf'

needed_by() { # the names of PACKAGE... and all they depend on, as on an empty system
  mkdir -p "$cache/apt/archives/partial"
  : >"$cache/apt/status"
  apt-get -qq -o "Dir::Cache::archives=$cache/apt/archives" -o "Dir::State::status=$cache/apt/status" \
    -o APT::Install-Recommends=false -o Debug::NoLocking=1 --print-uris install "$@" |
    sed -n "s/^'[^']*' \([^_]*\)_.*/\1/p" | grep -vxE "$drop"
}

fetch() { # downloads those of PACKAGE... that are not kept yet
  local package needed=()
  for package in "$@"; do compgen -G "$debs/${package}_*.deb" >/dev/null || needed+=("$package"); done
  [ ${#needed[@]} = 0 ] && return 0
  mkdir -p "$debs"
  (cd "$debs" && with_fresh_lists apt-get -qq -o APT::Sandbox::User=root download "${needed[@]}")
}

root_with() { # a fresh root file system of PACKAGE... at $root
  local package packages applet
  rm -rf "$root"
  mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{etc,tmp,run,proc,sys,dev,root} "$root"/var/{log,tmp,lib,www}
  for package in bin sbin lib lib64; do ln -s "usr/$package" "$root/$package"; done
  ln -s /run "$root/var/run"
  needed_by "$@" >"$work/packages" || { fresh_lists && needed_by "$@" >"$work/packages"; }
  mapfile -t packages <"$work/packages"
  fetch "${packages[@]}"
  for package in "${packages[@]}"; do
    dpkg-deb --fsys-tarfile "$(compgen -G "$debs/${package}_*.deb" | tail -n 1)" | tar -x --no-same-owner -C "$root" \
      --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' --exclude='./usr/share/lintian/*'
  done
  for applet in $("$root/bin/busybox" --list); do [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"; done
  printf '%s\n' root:x:0:0::/root:/bin/sh redis:x:100:100::/data:/bin/sh www-data:x:33:33::/var/www:/bin/sh \
    postgres:x:70:70::/var/lib/postgresql:/bin/sh nobody:x:65534:65534::/:/bin/sh >"$root/etc/passwd"
  printf '%s\n' root:x:0: adm:x:4: www-data:x:33: redis:x:100: postgres:x:70: nogroup:x:65534: >"$root/etc/group"
  printf '%s\n' 'hosts: files dns' >"$root/etc/nsswitch.conf"
  chmod 1777 "$root/tmp" "$root/var/tmp"
}

layer() { # [UID PATH...]: packs $root; the PATHs belong to UID, all else to root
  local owner=${1:-0} pack=(--sort=name --mtime=@0 --numeric-owner) path rest=()
  shift || true
  for path in "$@"; do rest+=("--exclude=./$path"); done
  tar "${pack[@]}" "${rest[@]}" --owner=0 --group=0 -cf "$work/layer.tar" -C "$root" .
  for path in "$@"; do tar "${pack[@]}" "--owner=$owner" "--group=$owner" -rf "$work/layer.tar" -C "$root" "./$path"; done
}

image() { # NAME:TAG CONFIG: the layer and this JSON, as `docker load` takes it; the same everywhere, also its id
  local sum
  sum=$(sha256sum "$work/layer.tar")
  printf '{"architecture":"%s","os":"linux","created":"2024-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(dpkg --print-architecture)" "$2" "${sum%% *}" >"$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["stackctl/%s"],"Layers":["layer.tar"]}]' "$1" >"$work/manifest.json"
  mkdir -p "$images"
  tar -cf "$work/image.tar" -C "$work" manifest.json config.json layer.tar
  mv "$work/image.tar" "$images/${1/:/_}.tar"
}

make_busybox() {
  local version
  root_with busybox-static
  layer
  for version in 1 2; do
    image "busybox:$version" '{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin","VERSION='$version'"],"Cmd":["sh"],"Labels":{"version":"'$version'"}}'
  done
}

make_redis() {
  root_with busybox-static redis-server
  mkdir "$root/data"
  layer 100 data
  image redis:7 '{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],"User":"redis","WorkingDir":"/data","Volumes":{"/data":{}},
    "Cmd":["redis-server","--bind","0.0.0.0","--protected-mode","no","--dir","/data"],"ExposedPorts":{"6379/tcp":{}}}'
}

make_nginx() {
  root_with busybox-static nginx
  mkdir -p "$root/var/www/html"
  echo '<h1>nginx</h1>' >"$root/var/www/html/index.html"
  ln -sf /dev/stdout "$root/var/log/nginx/access.log"
  ln -sf /dev/stderr "$root/var/log/nginx/error.log"
  rm -f "$root"/etc/nginx/sites-enabled/*
  echo 'server { listen 80 default_server; root /var/www/html; location /health { return 200 "ok\n"; } }' \
    >"$root/etc/nginx/conf.d/default.conf"
  layer
  image nginx:1 '{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["nginx","-g","daemon off;"],"ExposedPorts":{"80/tcp":{}},
    "StopSignal":"SIGQUIT"}'
}

make_postgres() {
  root_with busybox-static tzdata postgresql-15
  rm -rf "$root/usr/lib/postgresql/15/lib/bitcode"
  mkdir -p "$root/var/lib/postgresql/data" "$root/run/postgresql"
  chmod 700 "$root/var/lib/postgresql/data"
  install -m 755 "$here/postgres-entrypoint.sh" "$root/usr/bin/entrypoint.sh"
  layer 70 var/lib/postgresql run/postgresql
  image postgres:15 '{"Env":["PATH=/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin","PGDATA=/var/lib/postgresql/data"],
    "User":"postgres","Entrypoint":["entrypoint.sh"],"Cmd":["postgres"],"ExposedPorts":{"5432/tcp":{}},
    "Volumes":{"/var/lib/postgresql/data":{}},"StopSignal":"SIGINT"}'
}

# The essential packages of Debian that a helper needs: GNU tar, find and cp, and perl
make_helper() {
  local drop='adduser|debconf|debconf-2.0|dpkg|gcc-12-base|init-system-helpers|libaudit-common|libpam.*|libsemanage.*|libsepol.*|passwd'
  root_with busybox-static tar coreutils findutils perl-base
  layer
  image helper:1 '{"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],"Cmd":["sh"]}'
}

only_list=
if [ "${1:-}" = missing ]; then only_list=1; shift; fi
[ $# -gt 0 ] || set -- busybox redis nginx postgres helper
names=()
for kind in "$@"; do
  case $kind in
  busybox) names+=(busybox:1 busybox:2) ;;
  redis) names+=(redis:7) ;;
  nginx) names+=(nginx:1) ;;
  postgres) names+=(postgres:15) ;;
  helper) names+=(helper:1) ;;
  *) fail "no recipe for $kind; there are busybox, redis, nginx, postgres and helper" ;;
  esac
done
missing=$(api missing "${names[@]/#/stackctl/}")
[ -n "$missing" ] || exit 0
if [ -n "$only_list" ]; then echo "$missing"; exit 0; fi
lock images
for name in $missing; do
  name=${name#stackctl/}
  if [ ! -e "$images/${name/:/_}.tar" ]; then
    say "making stackctl/$name of Debian's packages"
    rm -rf "$work"
    mkdir -p "$work"
    root=$work/root
    "make_${name%:*}"
    rm -rf "$work"
  fi
  api load "$images/${name/:/_}.tar"
done
