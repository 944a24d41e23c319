#!/bin/sh
# The hook that is named first, by hand. All arguments go on to the program: --environment staging
# --deployment-id d-ABCDEFGHI [--execution-id X]; without the last, CodeDeploy is told nothing.
set -eu
if [ -n "${DELIVERY_BIN:-}" ] || command -v delivery >/dev/null; then
  exec "${DELIVERY_BIN:-delivery}" hook "$@"
fi
cd "$(dirname "$0")/../.."
exec cargo run --quiet --package photobooth-delivery -- hook "$@"
