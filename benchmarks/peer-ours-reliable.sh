#!/usr/bin/env bash
# As peer-ours.sh, with all traffic in the reliable class: the tunnel repairs losses, in order.
. "$(dirname "${BASH_SOURCE[0]}")/peer-ours.sh"
PEER_DESC="$PEER_DESC, reliable class"
VARIANT_NODE_CONF='policy.rules = [ { name = all, class = reliable } ]'
