import { createHmac } from 'node:crypto';
import type { IceServer } from '@mingjing/contracts';

export interface IceOptions {
  /** stun:host, turn:host:port?transport=tcp, turns:host … */
  iceUrls: readonly string[];
  turnSecret: string | undefined;
}

/** What a TURN server was told once must hold for as long as a wall is left open: it is asked for it again all the time. */
const GOOD_FOR_MS = 24 * 3_600_000;

/**
 * The STUN and TURN servers for one user, with a name and password that the TURN servers take for a day
 * (draft-uberti-behave-turn-rest-00; coturn's use-auth-secret).
 * @param now ms since the epoch
 */
export function iceServersFor(user: string, now: number, { iceUrls, turnSecret }: IceOptions): IceServer[] {
  const isTurn = (url: string) => url.startsWith('turn');
  const stun = iceUrls.filter((url) => !isTurn(url));
  const turn = iceUrls.filter(isTurn);
  const servers: IceServer[] = stun.length > 0 ? [{ urls: stun }] : [];
  if (turn.length === 0 || turnSecret === undefined) return servers;
  const username = `${Math.ceil((now + GOOD_FOR_MS) / 1000)}:${user}`;
  const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
  return [...servers, { urls: turn, username, credential }];
}
