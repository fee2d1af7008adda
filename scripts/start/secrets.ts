import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const secretsSchema = z.object({
  /** Keys the centre's sessions. */
  centreSecret: z.string(),
  /** Signs the tickets with which browsers come to the media host. */
  ticketKey: z.string(),
  /** Encrypts what cameras are signed in at with; absent where an older version made the file. */
  credentialsKey: z.string().optional(),
  /** The password of the demo city's users; undefined before it is seeded. */
  demoPassword: z.string().optional(),
  /** Source ids and their bearer tokens. */
  tokens: z.record(z.string(), z.string()).default({}),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** The file with source ids and tokens alone, which the simulator reads. */
export function tokensFile(dataDir: string): string {
  return path.join(dataDir, 'tokens.json');
}

/** Writes for this user's eyes only, all or nothing. */
function writePrivate(file: string, value: unknown): void {
  const draft = `${file}.draft`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** Keeps the secrets for the next start. */
export function saveSecrets(dataDir: string, secrets: Secrets): void {
  writePrivate(path.join(dataDir, 'secrets.json'), secrets);
  writePrivate(tokensFile(dataDir), secrets.tokens);
}

/** A password that can be read out and typed: no letters that look alike. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from(randomBytes(12), (byte) => letters[byte % letters.length]).join('');
}

/**
 * The installation's secrets, made when there are none.
 * @throws Error naming the file when it cannot be understood
 */
export function loadSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  const secret = (): string => randomBytes(32).toString('base64url');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    const fresh = { centreSecret: secret(), ticketKey: secret(), credentialsKey: secret(), tokens: {} };
    saveSecrets(dataDir, fresh);
    return fresh;
  }
  try {
    const kept = secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (kept.credentialsKey !== undefined) return kept;
    const completed = { ...kept, credentialsKey: secret() };
    saveSecrets(dataDir, completed);
    return completed;
  } catch (error) {
    throw new Error(
      `${file} cannot be used (${String(error)}); mend it, or remove it to have new ones made`,
      {
        cause: error,
      },
    );
  }
}
