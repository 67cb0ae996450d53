#!/bin/sh
# What the Containerfile's RUN lines do, in the folder of the sources; by hand the same on a machine that builds for others.
set -eu
case "$1" in
  install-all)
    npm ci --include=dev --ignore-scripts --no-audit --no-fund
    ;;
  install-serving)
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
    ;;
  # build FILE: the file of NEXT_SERVER_ACTIONS_ENCRYPTION_KEY.
  build)
    NEXT_SERVER_ACTIONS_ENCRYPTION_KEY=$(cat "$2") DEMO=off bin/run bin/start/build.ts
    # What speeds up a next build is of no use to who serves.
    rm -rf .next/cache
    ;;
  *)
    echo "There is no step $1." >&2
    exit 2
    ;;
esac
