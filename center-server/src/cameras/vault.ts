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
  /** Keeps the key with which a stream is pushed: good for this stream of this camera alone. */
  sealKey(camera: string, stream: string, key: string): Buffer;
  /** @returns undefined when none of the keys opens it, or it is spoilt or another stream's */
  openKey(camera: string, stream: string, sealed: Buffer): string | undefined;
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
  const close = (owner: string, text: string): Buffer => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', current.key, nonce).setAAD(Buffer.from(owner));
    const inside = Buffer.concat([cipher.update(text), cipher.final()]);
    return Buffer.concat([Buffer.of(VERSION), current.name, nonce, cipher.getAuthTag(), inside]);
  };
  /** @returns what is inside, or why it cannot be had */
  const read = (owner: string, sealed: Buffer): { text: string } | { problem: string } => {
    const known = keys.find(({ name }) => name.equals(nameIn(sealed)));
    if (sealed[0] !== VERSION || !known) return { problem: WRONG_KEY };
    const tag = sealed.subarray(TAG.from, TAG.to);
    if (tag.length !== TAG.to - TAG.from) return { problem: `${SPOILT} (too short)` };
    const nonce = sealed.subarray(NONCE.from, NONCE.to);
    const cipher = createDecipheriv('aes-256-gcm', known.key, nonce, { authTagLength: 16 });
    cipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
    const inside = cipher.update(sealed.subarray(TAG.to));
    try {
      return { text: Buffer.concat([inside, cipher.final()]).toString() };
    } catch (error) {
      // final() throws before anything inside is believed.
      return { problem: `${SPOILT} (${error instanceof Error ? error.name : 'unknown'})` };
    }
  };
  const ownerOf = (camera: string, stream: string): string => `${camera}\n${stream}`;
  return {
    seal: (camera, credentials) => close(camera, JSON.stringify(credentials)),
    open(camera, sealed) {
      const found = read(camera, sealed);
      if ('problem' in found) return { problem: `camera ${camera}: ${found.problem}` };
      const credentials = cameraCredentialsSchema.safeParse(JSON.parse(found.text));
      if (!credentials.success) return { problem: `camera ${camera}: ${SPOILT}` };
      return { credentials: credentials.data };
    },
    sealKey: (camera, stream, key) => close(ownerOf(camera, stream), key),
    openKey(camera, stream, sealed) {
      const found = read(ownerOf(camera, stream), sealed);
      return 'text' in found ? found.text : undefined;
    },
    isCurrent: (sealed) => current.name.equals(nameIn(sealed)),
  };
}
