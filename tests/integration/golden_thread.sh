#!/bin/sh
# The golden thread: a meeting recorded offline reaches headquarters, by the command line alone.
#
#   golden_thread.sh FOLDER GOLDEN.json file|code [options of "sync-server serve"]
#
# FOLDER receives the server's data, two homes and the export. GOLDEN.json is the input of
# "record new" with UNIT in the place of the unit. FIELDAPP and SYNC_SERVER may name the commands.
set -eu

folder=$1 golden=$2 way=$3
shift 3
: "${FIELDAPP:=fieldapp}" "${SYNC_SERVER:=sync-server}" "${FIELDAPP_PIN:=246810}"
export FIELDAPP_PIN FIELDAPP_ALLOW_SHORT_PIN=1
lamu_west=KE-005-S022

value() { # the value of a key in one line of JSON
    sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

mkdir -p "$folder"
$SYNC_SERVER serve --data "$folder/server" --port 0 "$@" >"$folder/server.out" &
server=$!
trap 'kill $server; wait $server || :' EXIT
tries=0
until grep -q '^listening on ' "$folder/server.out"; do
    kill -0 $server
    tries=$((tries + 1))
    [ $tries -lt 600 ]
    sleep 0.1
done
url=$(sed -n 's/^listening on //p' "$folder/server.out")
token=$(sed -n 's/^claim token: //p' "$folder/server.out")

hq="--home $folder/hq"
phone="--home $folder/phone"

$FIELDAPP hq init $hq --server "$url" --claim "$token" --org Interior --shares "$folder/shares"
unit=$($FIELDAPP unit add $hq --parent $lamu_west --level location --name Mkomani \
    --ward KE-005-W0105 | value id)
$FIELDAPP office create $lamu_west $hq
$FIELDAPP office create "$unit" $hq
code=$($FIELDAPP invite $hq --unit "$unit" --role chief --out "$folder/invite.json" \
    --qr "$folder/invite.png" | value code)
case $way in
file) $FIELDAPP enrol "$folder/invite.json" $phone --officer "Amina Bakari" ;;
code) $FIELDAPP enrol "$code" $phone --officer "Amina Bakari" ;;
esac

sed "s/UNIT/$unit/" "$golden" | $FIELDAPP record new meeting $phone
$FIELDAPP sync $phone
$FIELDAPP sync $hq
$FIELDAPP export $hq --out "$folder/out" --format jsonl
$FIELDAPP sync $phone
$FIELDAPP record list meeting $phone >"$folder/phone.json"
$FIELDAPP verify $hq
