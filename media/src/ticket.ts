import { createHmac, timingSafeEqual } from 'node:crypto';
import { ticketClaimsSchema } from '@mingjing/contracts';
import type { TicketClaims } from '@mingjing/contracts';

export type TicketCheck = { ok: true; claims: TicketClaims } | { ok: false; reason: string };

/** No ticket of the centre's is longer. */
const LONGEST = 4096;

function parseClaims(payload: string): TicketClaims | undefined {
  try {
    const claims = ticketClaimsSchema.safeParse(
      JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')),
    );
    return claims.success ? claims.data : undefined;
  } catch (problem) {
    if (problem instanceof SyntaxError) return undefined;
    throw problem;
  }
}

/**
 * Checks a viewer's ticket: base64url(JSON) "." base64url(HMAC-SHA256 over the first part as written).
 * The signature is compared in constant time, and before anything inside is read.
 * @param key shared with the centre
 * @param now ms since the epoch
 */
export function verifyTicket(ticket: string, key: string, now: number): TicketCheck {
  const [payload, mac, ...rest] = ticket.length > LONGEST ? [] : ticket.split('.');
  if (!payload || !mac || rest.length > 0) return { ok: false, reason: 'the ticket is malformed' };
  const expected = createHmac('sha256', key).update(payload).digest();
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { ok: false, reason: 'the ticket was not signed by this centre' };
  }
  const claims = parseClaims(payload);
  if (!claims) return { ok: false, reason: 'the ticket does not say user, region, session and expiresAt' };
  if (claims.expiresAt <= now) return { ok: false, reason: 'the ticket has expired' };
  return { ok: true, claims };
}
