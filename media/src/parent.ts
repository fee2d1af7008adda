import { fstatSync } from 'node:fs';

/**
 * Calls back once when this process is to end: on SIGTERM or SIGINT, or when the parent that started
 * it has gone, which shows as a closed IPC channel or a closed pipe at stdin.
 */
export function onEndOfLife(callback: (why: string) => void): void {
  let told = false;
  const tell = (why: string) => {
    if (told) return;
    told = true;
    callback(why);
  };
  process.on('SIGTERM', () => tell('SIGTERM'));
  process.on('SIGINT', () => tell('SIGINT'));
  process.on('disconnect', () => tell('the parent has gone'));
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.on('end', () => tell('stdin was closed'));
  process.stdin.on('error', () => tell('stdin was closed'));
  process.stdin.resume();
}
