import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { verifyTicket } from './ticket.ts';

const KEY = 'k'.repeat(32);
const CLAIMS = { user: 'li', region: '130681', session: 'a'.repeat(64), expiresAt: 2000 };

function sign(claims: unknown, key = KEY): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${payload}.${createHmac('sha256', key).update(payload).digest('base64url')}`;
}

test('a ticket of the centre is good until it ends', () => {
  expect(verifyTicket(sign(CLAIMS), KEY, 1999)).toEqual({ ok: true, claims: CLAIMS });
  expect(verifyTicket(sign(CLAIMS), KEY, 2000)).toEqual({ ok: false, reason: 'the ticket has expired' });
});

test('a ticket of another key, for another region by hand, or of another shape is refused', () => {
  const [payload = '', mac = ''] = sign(CLAIMS).split('.');
  const wider = Buffer.from(JSON.stringify({ ...CLAIMS, region: '130600' })).toString('base64url');
  for (const ticket of [
    sign(CLAIMS, 'x'.repeat(32)),
    `${wider}.${mac}`,
    `${payload}.${mac}.${mac}`,
    sign({ region: '130681' }),
  ]) {
    expect(verifyTicket(ticket, KEY, 0).ok).toBe(false);
  }
});

test('no text that was not signed passes, nor makes it throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !verifyTicket(text, KEY, 0).ok));
});
