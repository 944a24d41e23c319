#!/bin/sh
# The hook of AfterAllowTestTraffic, by hand: tries the new colour through the test listener.
# All arguments go on to the program: --environment staging --deployment-id d-ABCDEFGHI [--execution-id X].
set -eu
if [ -n "${DELIVERY_BIN:-}" ] || command -v delivery >/dev/null; then
  exec "${DELIVERY_BIN:-delivery}" hook pre-traffic "$@"
fi
cd "$(dirname "$0")/../.."
exec cargo run --quiet --package photobooth-delivery -- hook pre-traffic "$@"
