import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { isSigned } from '../clips/signing.ts';
import { signedClipManifestSchema } from '../openapi/clipSchemas.ts';
import { checked, readFileAs, runProgram } from './support.ts';

interface Verdict {
  ok: boolean;
  /** What does not fit; empty when all does. */
  problems: string[];
  /** The SHA-256 of the key it was signed with, to be compared with the centre's. */
  key: string;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function check(film: string, manifestFile: string, expected?: string): Promise<Verdict> {
  const signed = checked(signedClipManifestSchema, await readFileAs(manifestFile));
  const { file } = signed.manifest;
  const problems: string[] = [];
  if (!isSigned(signed)) problems.push('the manifest is not as it was signed');
  if ((await stat(film)).size !== file.bytes || (await sha256(film)) !== file.sha256)
    problems.push('the film is not the one that the manifest is of');
  const key = createHash('sha256').update(Buffer.from(signed.publicKey, 'base64')).digest('hex');
  if (expected !== undefined && key !== expected.toLowerCase())
    problems.push('the manifest was signed with another key than the one named');
  return { ok: problems.length === 0, problems, key };
}

async function verify(
  film: string,
  manifest: string,
  { json, key }: { json?: boolean; key?: string },
): Promise<void> {
  const verdict = await check(film, manifest, key);
  if (json) console.log(JSON.stringify(verdict));
  else if (verdict.ok) console.log(`The film is as it was signed, by the key ${verdict.key}`);
  else console.log(`Not to be trusted: ${verdict.problems.join('; ')}`);
  if (!verdict.ok) process.exitCode = 1;
}

const program = new Command('mingjing clip').description('check exported clips');

program
  .command('verify <film> <manifest>')
  .description(
    'check a clip’s film against its signed manifest, without the centre; exit 1 when it does not fit',
  )
  .option('--key <sha256>', 'the centre’s key as it is known from elsewhere: the SHA-256 of its public key')
  .option('--json', 'print JSON')
  .action(verify);

await runProgram(program);
