#!/bin/sh
# Secrets come as files: each file /run/secrets/MINGJING_… becomes the environment variable of its name.
# Then the process takes this shell's place, so that it gets the container's signals.
set -eu
for file in /run/secrets/MINGJING_*; do
  [ -f "$file" ] || continue
  export "$(basename "$file")=$(cat "$file")"
done
exec "$@"
