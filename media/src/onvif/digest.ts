import { createHash, randomBytes } from 'node:crypto';
import type { CameraCredentials } from '@mingjing/contracts';

/**
 * The Authorization header that answers a digest challenge (RFC 7616, MD5 or SHA-256, with qop=auth or without).
 * @param challenge WWW-Authenticate, beginning with "Digest"
 */
export function digestAuthorization(
  challenge: string,
  { username, password }: CameraCredentials,
  method: string,
  uri: string,
): string {
  const of = (key: string): string | undefined => {
    const found = new RegExp(`\\b${key}=(?:"([^"]*)"|([^\\s,]+))`, 'i').exec(challenge);
    return found?.at(1) ?? found?.at(2);
  };
  const algorithm = of('algorithm') ?? 'MD5';
  const hash = (text: string) =>
    createHash(/^sha-256/i.test(algorithm) ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const [realm, nonce, opaque] = [of('realm') ?? '', of('nonce') ?? '', of('opaque')];
  const qop = /\bauth\b/.test(of('qop') ?? '') ? 'auth' : undefined;
  const cnonce = randomBytes(8).toString('hex');
  const count = '00000001';
  const [first, second] = [hash(`${username}:${realm}:${password}`), hash(`${method}:${uri}`)];
  const response = hash(
    qop ? `${first}:${nonce}:${count}:${cnonce}:${qop}:${second}` : `${first}:${nonce}:${second}`,
  );
  const quoted = { username: username.replaceAll(/["\\]/g, String.raw`\$&`), realm, nonce, uri, response };
  const parts = Object.entries({ ...quoted, ...(opaque === undefined ? {} : { opaque }) }).map(
    ([key, value]) => `${key}="${value}"`,
  );
  if (of('algorithm')) parts.push(`algorithm=${algorithm}`);
  if (qop) parts.push(`qop=${qop}`, `nc=${count}`, `cnonce="${cnonce}"`);
  return `Digest ${parts.join(', ')}`;
}
