import { hash, verify } from '@node-rs/argon2';

/** OWASP's argon2id setting for interactive sign-in: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Verified in place of an unknown user's hash, so that both take the same time. */
const nobodysHash = hash('nobody has this password', ARGON2ID);

/** An argon2id hash in PHC form, with its salt and parameters. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2ID);
}

/**
 * Whether a password is the one behind a hash.
 * @param passwordHash undefined for a user that does not exist: takes as long, and is never right
 */
export async function isPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const right = await verify(passwordHash ?? (await nobodysHash), password);
  return right && passwordHash !== undefined;
}
