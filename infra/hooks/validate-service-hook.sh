#!/bin/sh
# The hook of AfterAllowTraffic, by hand: looks at what guests get from the new colour.
# All arguments go on to the program: --environment staging --deployment-id d-ABCDEFGHI [--execution-id X].
set -eu
if [ -n "${DELIVERY_BIN:-}" ] || command -v delivery >/dev/null; then
  exec "${DELIVERY_BIN:-delivery}" hook validate-service "$@"
fi
cd "$(dirname "$0")/../.."
exec cargo run --quiet --package photobooth-delivery -- hook validate-service "$@"
