import { fstatSync } from 'node:fs';

/** Calls back once when this process is asked to end, or when the parent that started it has died. */
export function onEndOfLife(callback: (why: string) => void): void {
  let told = false;
  const tell = (why: string) => () => {
    if (told) return;
    told = true;
    callback(why);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, tell(signal));
  process.on('disconnect', tell('the parent has died'));
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.on('end', tell('stdin was closed')).on('error', tell('stdin was closed')).resume();
}
