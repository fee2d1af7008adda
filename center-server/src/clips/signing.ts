import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ClipManifest, SignedClipManifest } from '@mingjing/contracts';
import { canonicalJson } from '../audit/canonical.ts';

/** Signs what a clip says of itself, so that anybody can check it without the centre. */
export interface ClipSigner {
  sign(manifest: ClipManifest): SignedClipManifest;
}

const FILE = 'clip-signing-key.pem';

function keyIn(folder: string): KeyObject {
  const file = path.join(folder, FILE);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const { privateKey } = generateKeyPairSync('ed25519');
    // Whoever comes second takes the key of whoever came first.
    try {
      writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (!existsSync(file)) throw error;
    }
  }
  return createPrivateKey(readFileSync(file));
}

/**
 * The centre's own key for clips (Ed25519), kept in its data folder and made there at first.
 * @throws Error with what the system says when the folder cannot be read or written
 */
export function openClipSigner(folder: string): ClipSigner {
  const key = keyIn(folder);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    sign: (manifest) => ({
      manifest,
      publicKey,
      signature: sign(null, Buffer.from(canonicalJson(manifest)), key).toString('base64'),
    }),
  };
}

/** Whether a manifest is as the holder of its key signed it. Whose key that is must be known from elsewhere. */
export function isSigned({ manifest, publicKey, signature }: SignedClipManifest): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), type: 'spki', format: 'der' });
  return verify(null, Buffer.from(canonicalJson(manifest)), key, Buffer.from(signature, 'base64'));
}
