#!/bin/sh
# The hook of AfterAllowTraffic, by hand: looks at what guests get from the new colour.
exec "$(dirname "$0")/any-hook.sh" validate-service "$@"
