import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { cameraCredentialsSchema, type CameraCredentials } from '@mingjing/contracts';

/** What is kept of a camera's credentials, laid out: version, key's name, nonce, tag, and what is encrypted. */
const VERSION = 1;
const KEY_NAME = { from: 1, to: 9 };
const NONCE = { from: 9, to: 21 };
const TAG = { from: 21, to: 37 };

const WRONG_KEY =
  'its credentials were encrypted with another key; expected it as centre.credentialsKey or in centre.oldCredentialsKeys';
const SPOILT = 'its credentials are spoilt, or another camera’s; give them anew';

interface Key {
  name: Buffer;
  key: Buffer;
}

function keyOf(secret: string): Key {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'mingjing camera credentials', 32));
  return { key, name: createHash('sha256').update(key).digest().subarray(0, 8) };
}

export type Opened = { credentials: CameraCredentials } | { problem: string };

/** Keeps what cameras are signed in at with, so that whoever reads the database cannot sign in. */
export interface Vault {
  /** @returns bytes for the store, different every time; good for this camera alone */
  seal(camera: string, credentials: CameraCredentials): Buffer;
  /** @returns why not, when none of the keys opens them, or they are spoilt or another camera's */
  open(camera: string, sealed: Buffer): Opened;
  /** Whether they are encrypted with the key of now, not with an old one. */
  isCurrent(sealed: Buffer): boolean;
}

/**
 * AES-256-GCM (NIST SP 800-38D) under a key derived from `credentialsKey`; the camera's id is authenticated with it,
 * so that credentials cannot be moved from one camera to another.
 * @param secret centre.credentialsKey
 * @param old centre.oldCredentialsKeys: open what was sealed before a change of the key
 */
export function openVault(secret: string, old: readonly string[] = []): Vault {
  const current = keyOf(secret);
  const keys = [current, ...old.map(keyOf)];
  const nameIn = (sealed: Buffer) => sealed.subarray(KEY_NAME.from, KEY_NAME.to);
  return {
    seal(camera, credentials) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(camera));
      const inside = Buffer.concat([cipher.update(JSON.stringify(credentials)), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), current.name, nonce, cipher.getAuthTag(), inside]);
    },
    open(camera, sealed) {
      const known = keys.find(({ name }) => name.equals(nameIn(sealed)));
      if (sealed[0] !== VERSION || !known) return { problem: `camera ${camera}: ${WRONG_KEY}` };
      const tag = sealed.subarray(TAG.from, TAG.to);
      if (tag.length !== TAG.to - TAG.from) return { problem: `camera ${camera}: ${SPOILT} (too short)` };
      const nonce = sealed.subarray(NONCE.from, NONCE.to);
      const cipher = createDecipheriv('aes-256-gcm', known.key, nonce, { authTagLength: 16 });
      cipher.setAAD(Buffer.from(camera)).setAuthTag(tag);
      const inside = cipher.update(sealed.subarray(TAG.to));
      try {
        const text = Buffer.concat([inside, cipher.final()]).toString();
        return { credentials: cameraCredentialsSchema.parse(JSON.parse(text)) };
      } catch (error) {
        // final() throws before anything inside is believed.
        return {
          problem: `camera ${camera}: ${SPOILT} (${error instanceof Error ? error.name : 'unknown'})`,
        };
      }
    },
    isCurrent: (sealed) => current.name.equals(nameIn(sealed)),
  };
}
