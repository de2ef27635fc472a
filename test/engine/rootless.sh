#!/bin/bash
# rootless.sh FOLDER dockerd WORD...: an engine that is run by the user dockremap, for whom FOLDER is; as root. It uses the network it
# finds itself in, without a bridge: its containers have no network, or that of the host. Needs rootlesskit and newuidmap (uidmap).
set -eu
folder=$1
shift
chown dockremap: "$folder"
cd "$folder"
export HOME=$folder XDG_RUNTIME_DIR=$folder
# What lies in /run belongs to an engine of the whole machine: dockerd-rootless.sh does the same
exec setpriv --reuid dockremap --regid dockremap --clear-groups \
  rootlesskit "--state-dir=$folder/rootlesskit" --net=host --copy-up=/etc --copy-up=/run --propagation=rslave \
  sh -c 'rm -rf /run/docker /run/containerd; exec "$@"' sh "$@" --rootless --bridge=none --userland-proxy=false
