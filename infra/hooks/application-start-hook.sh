#!/bin/sh
# The hook of AfterInstall, by hand: waits until the new colour runs and all that it needs answers.
# All arguments go on to the program: --environment staging --deployment-id d-ABCDEFGHI [--execution-id X].
set -eu
if [ -n "${DELIVERY_BIN:-}" ] || command -v delivery >/dev/null; then
  exec "${DELIVERY_BIN:-delivery}" hook application-start "$@"
fi
cd "$(dirname "$0")/../.."
exec cargo run --quiet --package photobooth-delivery -- hook application-start "$@"
