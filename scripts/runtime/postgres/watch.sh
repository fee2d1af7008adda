#!/bin/sh
# watch.sh PID [FOLDER…] — stops the PostgreSQL server PID when standard input closes, which the kernel does when
# the process that started it dies in any way, kill -9 included. Then removes the folders (socket, temporary data).
pid=$1
shift
# a zombie that nobody has buried yet is not running
running() { kill -0 "$pid" 2>/dev/null && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null; }
read -r word
if [ "$word" != done ]; then
  kill -INT "$pid" 2>/dev/null
  tries=0
  while running; do
    tries=$((tries + 1))
    [ "$tries" -eq 100 ] && kill -QUIT "$pid"
    [ "$tries" -eq 150 ] && kill -KILL "$pid"
    sleep 0.1
  done
fi
[ "$#" -eq 0 ] || rm -rf -- "$@"
