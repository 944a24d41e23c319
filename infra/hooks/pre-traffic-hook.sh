#!/bin/sh
# The hook of AfterAllowTestTraffic, by hand: tries the new colour through the test listener.
exec "$(dirname "$0")/any-hook.sh" pre-traffic "$@"
