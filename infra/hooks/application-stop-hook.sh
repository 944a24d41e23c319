#!/bin/sh
# The hook of BeforeAllowTraffic, by hand: writes down what there is to go back to.
exec "$(dirname "$0")/any-hook.sh" application-stop "$@"
