import type { Millis } from '@mingjing/contracts';
import { appendAudit, recordAudit } from '../audit/appendAudit.ts';
import { inTransaction, type Pool } from '../store/database.ts';
import { deleteSession } from '../store/sessions/deleteSession.ts';
import { extendSession } from '../store/sessions/extendSession.ts';
import { findSession } from '../store/sessions/findSession.ts';
import { insertSession } from '../store/sessions/insertSession.ts';
import { findCredentials } from '../store/users/findCredentials.ts';
import { useWallToken } from '../store/walls/tokens.ts';
import { isPassword } from './passwords.ts';
import { cookieValue, newToken, sessionTokenHash, sourceTokenHash } from './tokens.ts';
import type { Viewer } from './viewer.ts';

export const SESSION_COOKIE = 'mj_session';

export interface SignedIn {
  /** The session's name inside the centre (never the token): what `SessionEndings` tells. */
  sessionId: string;
  /** The cookie's value; goes back to the browser it came from and nowhere else. */
  token: string;
  viewer: Viewer;
  /** ms since the epoch */
  expiresAt: Millis;
  /** It was just extended: the cookie should be sent again. */
  extended: boolean;
}

export interface Sessions {
  /** @returns undefined for a wrong name, a wrong password or a disabled user, all alike */
  signIn(username: string, password: string, from: string): Promise<SignedIn | undefined>;
  /** Opens the session of a wall that runs by itself. @returns undefined for a token that does not hold */
  signInWall(token: string, from: string): Promise<SignedIn | undefined>;
  signOut(cookieHeader: string | undefined, from: string): Promise<void>;
  /** Who a request's or a socket's Cookie header speaks for; undefined when nobody is signed in. */
  viewerFromCookie(cookieHeader: string | undefined): Promise<SignedIn | undefined>;
}

interface SessionsDeps {
  pool: Pool;
  secret: string;
  sessionHours: number;
  now: () => Millis;
}

/** A session in use is written to at most this often. */
const EXTEND_EVERY_MS = 60_000;

/** The wall that a token stands for, as a viewer who may only look; undefined for a token that does not hold. */
async function wallOfToken(
  pool: Pool,
  token: string,
  at: Millis,
): Promise<{ id: number; viewer: Viewer } | undefined> {
  const held = await useWallToken(pool, sourceTokenHash(token), at);
  if (!held) return undefined;
  const { id, wall, name, region } = held;
  return { id, viewer: { userId: -id, username: `wall:${wall}`, name, role: 'leader', region, wall } };
}

/**
 * Sign-in with a password, and the sessions that follow. A session slides: every use moves its end to
 * `sessionHours` from then.
 */
export function createSessions({ pool, secret, sessionHours, now }: SessionsDeps): Sessions {
  const lifetimeMs = sessionHours * 3_600_000;

  async function open(
    viewer: Viewer,
    from: string,
    owner: { userId: number } | { wallToken: number } = { userId: viewer.userId },
  ): Promise<SignedIn> {
    const token = newToken();
    const tokenHash = sessionTokenHash(secret, token);
    const expiresAt = now() + lifetimeMs;
    await insertSession(pool, { tokenHash, owner, at: now(), expiresAt });
    await recordAudit(pool, {
      at: now(),
      actor: viewer.username,
      region: viewer.region,
      action: 'session.opened',
      detail: { from },
    });
    return { token, sessionId: tokenHash.toString('hex'), viewer, expiresAt, extended: true };
  }

  return {
    async signIn(username, password, from) {
      const found = await findCredentials(pool, username);
      const right = await isPassword(found?.passwordHash, password);
      if (found && right && !found.disabled) return open(found.viewer, from);
      const { disabled = false, viewer } = found ?? {};
      const region = viewer?.region ?? null;
      await recordAudit(pool, {
        ...{ at: now(), actor: username, region, action: 'session.refused', detail: { from, disabled } },
      });
      return undefined;
    },

    async signInWall(token, from) {
      const held = await wallOfToken(pool, token, now());
      return held && open(held.viewer, from, { wallToken: held.id });
    },

    async signOut(cookieHeader, from) {
      const token = cookieValue(cookieHeader, SESSION_COOKIE);
      if (token === undefined) return;
      await inTransaction(pool, async (client) => {
        const user = await deleteSession(client, sessionTokenHash(secret, token));
        if (!user) return;
        const { username: actor, region } = user;
        await appendAudit(client, { at: now(), actor, region, action: 'session.closed', detail: { from } });
      });
    },

    async viewerFromCookie(cookieHeader) {
      const token = cookieValue(cookieHeader, SESSION_COOKIE);
      if (token === undefined) return undefined;
      const tokenHash = sessionTokenHash(secret, token);
      const at = now();
      const found = await findSession(pool, tokenHash, at);
      if (!found) return undefined;
      const extended = at - found.lastUsedAt >= EXTEND_EVERY_MS;
      const expiresAt = extended ? at + lifetimeMs : found.expiresAt;
      if (extended) await extendSession(pool, tokenHash, at, expiresAt);
      return { sessionId: tokenHash.toString('hex'), token, viewer: found.viewer, expiresAt, extended };
    },
  };
}
