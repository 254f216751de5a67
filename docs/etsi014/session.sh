#!/usr/bin/env bash
# A session over ETSI GS QKD 014 with curl: a master takes keys, its slave fetches them. Fails where an answer is not what it should be.
#   session.sh HOST:PORT FOLDER MASTER SLAVE OTHER
# FOLDER holds ca.crt, the authority of the key servers' certificates, and NAME.crt, NAME.key of the three SAEs.
set -euo pipefail

kme=$1 folder=$2 master=$3 slave=$4 other=$5
cd "$folder"

# Asks as an SAE, and shows question and answer; the status stands in the last line.
ask() {
    local sae=$1 path=$2 answer
    shift 2
    printf '$ curl --cacert ca.crt --cert %s.crt --key %s.key' "$sae" "$sae" >&2
    for option in "$@"; do
        case $option in *[!A-Za-z0-9:/._-]*) printf " '%s'" "$option" >&2 ;; *) printf ' %s' "$option" >&2 ;; esac
    done
    printf " 'https://%s/api/v1/keys/%s'\n" "$kme" "$path" >&2
    answer=$(curl --silent --show-error --max-time 20 --cacert ca.crt --cert "$sae.crt" --key "$sae.key" --write-out '\n%{http_code}' "$@" \
        "https://$kme/api/v1/keys/$path")
    printf '%s\n\n' "$answer" >&2
    printf '%s' "$answer"
}

expect() {
    local status=$1 answer=$2
    if [ "${answer##*$'\n'}" != "$status" ]; then
        echo "expected status $status" >&2
        exit 1
    fi
}

json=(--header 'Content-Type: application/json' --data)

expect 200 "$(ask "$master" "$slave/status")"

taken=$(ask "$master" "$slave/enc_keys")
expect 200 "$taken"
id=$(sed -n 's/.*"key_ID":"\([^"]*\)".*/\1/p' <<< "$taken")
fetched=$(ask "$slave" "$master/dec_keys?key_ID=$id")
[ "$fetched" = "$taken" ] || { echo "the slave has another key" >&2; exit 1; }

taken=$(ask "$master" "$slave/enc_keys" "${json[@]}" '{"number": 2, "size": 128}')
expect 200 "$taken"
ids=$(grep -o '{"key_ID":"[^"]*"' <<< "$taken" | sed 's/$/}/' | paste -sd,)
fetched=$(ask "$slave" "$master/dec_keys" "${json[@]}" "{\"key_IDs\": [$ids]}")
[ "$fetched" = "$taken" ] || { echo "the slave has other keys" >&2; exit 1; }

expect 401 "$(ask "$other" "$master/dec_keys?key_ID=$id")"
expect 400 "$(ask "$slave" "$master/dec_keys?key_ID=00000000-0000-4000-8000-000000000000")"
expect 400 "$(ask "$master" "$slave/enc_keys?size=129")"
expect 400 "$(ask "$master" "$slave/enc_keys" "${json[@]}" '{"extension_mandatory": [{"route": "direct"}]}')"
echo "all answers are as they should be"
