/** How many whole seconds are left until an instant; 0 once it has passed. Both in ms since the epoch. */
export function secondsTo(until: number, now: number): number {
  return Math.max(0, Math.round((until - now) / 1000));
}
