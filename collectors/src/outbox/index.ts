export { Backoff, isAborted, pause } from './backoff.ts';
export { Centre, CentreError } from './centre.ts';
export { codeOf, messageOf, OutboxFullError } from './errors.ts';
export { appendWhenRoom } from './feed.ts';
export { Outbox, type Blob, type OutboxItem } from './outbox.ts';
export { Sender } from './sender.ts';
