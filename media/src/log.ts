import pino from 'pino';
import type { Logger } from 'pino';

export type Log = Logger;

/** The process's log: JSON lines on stderr, because stdout carries what the supervisor reads. */
export function createLog(level: string): Log {
  return pino({ name: 'media', level }, pino.destination({ fd: 2, sync: true }));
}
