#!/bin/sh
# The hook of AfterInstall, by hand: waits until the new colour runs and all that it needs answers.
exec "$(dirname "$0")/any-hook.sh" application-start "$@"
