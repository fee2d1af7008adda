#!/bin/sh
# watchdog.sh PID MARK — waits until standard input closes: its owner has closed it, or has died (kill -9 included).
# Then ends what is left of the process group PID and of everything that carries MARK in its environment.
group=$1
mark=$2
read -r _
marked() { grep -la -- "MINGJING_RUN=$mark" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3; }
signal() {
  kill "-$1" -- "-$group" 2>/dev/null
  pids=$(marked)
  # shellcheck disable=SC2086
  [ -z "$pids" ] || kill "-$1" $pids 2>/dev/null
}
# a zombie that nobody has buried yet has no environment left, so where there is a /proc it is the better witness
left() { if [ -d /proc/1 ]; then [ -n "$(marked)" ]; else kill -0 -- "-$group" 2>/dev/null; fi; }
left || exit 0
signal TERM
tries=0
while left; do
  tries=$((tries + 1))
  [ "$tries" -ge 50 ] && signal KILL
  [ "$tries" -ge 70 ] && exit 1
  sleep 0.1
done
