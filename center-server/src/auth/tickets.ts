import { createHmac } from 'node:crypto';
import type { TicketClaims } from '@mingjing/contracts';

/** A media ticket: base64url(JSON) "." base64url(HMAC-SHA256 of that text), which the media host checks. */
export function signTicket(key: string, claims: TicketClaims): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}
