import type { CreatedSource, NewSource } from '@mingjing/contracts';
import { appendAudit } from '../audit/appendAudit.ts';
import { ProblemError } from '../http/problems.ts';
import type { Client } from '../store/database.ts';
import { disableSource } from '../store/sources/disableSource.ts';
import { getSource } from '../store/sources/getSource.ts';
import { insertSource } from '../store/sources/insertSource.ts';
import { replaceToken } from '../store/sources/replaceToken.ts';
import type { Actor } from './accounts.ts';
import { newToken, sourceTokenHash } from './tokens.ts';

const TOKEN_PREFIX = 'mjs_';

/**
 * Adds a source and makes its token, which is kept nowhere.
 * @throws ProblemError conflict when the id is taken
 */
export async function addSource(client: Client, by: Actor, source: NewSource): Promise<CreatedSource> {
  const token = newToken(TOKEN_PREFIX);
  if (!(await insertSource(client, source, sourceTokenHash(token)))) {
    throw new ProblemError('conflict', `there is a source "${source.id}" already`);
  }
  const { id, region, kind } = source;
  await appendAudit(client, { ...by, region, action: 'source.added', object: id, detail: { kind } });
  return { id, token };
}

async function regionOf(client: Client, id: string): Promise<string> {
  const source = await getSource(client, id);
  if (!source) throw new ProblemError('not-found', `there is no source "${id}"`);
  return source.region;
}

/** Refuses a source's token from now on. @throws ProblemError not-found */
export async function endSource(client: Client, by: Actor, id: string): Promise<void> {
  const region = await regionOf(client, id);
  await disableSource(client, id);
  await appendAudit(client, { ...by, region, action: 'source.disabled', object: id });
}

/** Gives a source a new token and enables it. @throws ProblemError not-found */
export async function rotateToken(client: Client, by: Actor, id: string): Promise<CreatedSource> {
  const region = await regionOf(client, id);
  const token = newToken(TOKEN_PREFIX);
  await replaceToken(client, id, sourceTokenHash(token));
  await appendAudit(client, { ...by, region, action: 'source.rotated', object: id });
  return { id, token };
}
