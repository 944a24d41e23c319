#!/bin/sh
# The hook of BeforeAllowTraffic, by hand: writes down what there is to go back to.
# All arguments go on to the program: --environment staging --deployment-id d-ABCDEFGHI [--execution-id X].
set -eu
if [ -n "${DELIVERY_BIN:-}" ] || command -v delivery >/dev/null; then
  exec "${DELIVERY_BIN:-delivery}" hook application-stop "$@"
fi
cd "$(dirname "$0")/../.."
exec cargo run --quiet --package photobooth-delivery -- hook application-stop "$@"
