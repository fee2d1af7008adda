import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { ConfigError, newUserSchema } from '@mingjing/contracts';
import type { Command } from 'commander';
import { isNode, LineCounter, parse, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Office } from '../administer/office.ts';
import type { Actor } from '../auth/accounts.ts';
import { newToken } from '../auth/tokens.ts';
import { systemClock } from '../clock.ts';
import { loadDatabaseConfig } from '../config.ts';
import { openPool, type Pool } from '../store/database.ts';
import { ProblemError } from '../http/problems.ts';

function accountName(): string {
  try {
    return userInfo().username;
  } catch (error) {
    // A container may run under a number that no name belongs to.
    if (error instanceof Error) return String(process.getuid?.() ?? 'unknown');
    throw error;
  }
}

/** Whoever runs the command, as the audit log names them. */
export function commandLineActor(): Actor {
  return { actor: `cli:${accountName()}`, at: systemClock() };
}

/** Whoever runs the command may change what holds everywhere. */
export function commandLineOffice(): Office {
  return { ...commandLineActor(), region: null, whole: true };
}

/** What a file holds, JSON or YAML. @throws ConfigError naming the file */
export async function readFileAs(file: string): Promise<unknown> {
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where a field stands in a file's text: that of the nearest one around it that is there. */
function lineOf(text: string, field: readonly PropertyKey[]): number {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  for (let depth = field.length; depth > 0; depth -= 1) {
    const node = document.getIn(field.slice(0, depth), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

/** Reads and checks a file, JSON or YAML. @throws ConfigError naming the file, the line, the field and what is wrong */
export async function readFileChecked<T extends z.ZodType>(schema: T, file: string): Promise<z.output<T>> {
  const parsed = schema.safeParse(await readFileAs(file));
  if (parsed.success) return parsed.data;
  const { path = [], message = 'invalid' } = parsed.error.issues[0] ?? {};
  const line = lineOf(await readFile(file, 'utf8'), path);
  throw new ConfigError(`${file}: line ${line}: ${path.map(String).join('.')}: ${message}`);
}

/** Runs one command on the database and closes it. */
export async function withDatabase<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = openPool(loadDatabaseConfig().url, 2, (error) => console.error(error.message));
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

/** Checks what came on the command line. @throws ConfigError naming the option and what was expected */
export function checked<T extends z.ZodType>(schema: T, values: unknown): z.output<T> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'invalid'}`);
}

async function promptHidden(question: string): Promise<string> {
  let muted = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!muted) process.stderr.write(chunk);
      done();
    },
  });
  const terminal = createInterface({ input: process.stdin, output, terminal: true });
  try {
    const answer = terminal.question(question);
    muted = true;
    return await answer;
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}

async function typedPassword(): Promise<string> {
  const password = await promptHidden('Password: ');
  if ((await promptHidden('Again: ')) !== password) throw new ConfigError('the two passwords differ');
  return password;
}

/**
 * A password that never stands on the command line, where other users of the machine could read it:
 * made, typed twice without an echo, or the first line of standard input when that is no terminal.
 */
export async function askPassword(generate: boolean): Promise<string> {
  if (generate) return newToken().slice(0, 20);
  const given = process.stdin.isTTY
    ? await typedPassword()
    : ((await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '');
  return checked(z.object({ password: newUserSchema.shape.password }), { password: given }).password;
}

function isExpected(error: unknown): error is Error {
  if (error instanceof ConfigError || error instanceof ProblemError) return true;
  return error instanceof Error && 'code' in error;
}

/** Runs a program; what went wrong is one line and exit code 1. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!isExpected(error)) throw error;
    // A refused connection has its reasons in a list and no message of its own.
    const message = error.message === '' && 'code' in error ? String(error.code) : error.message;
    console.error(`${program.name()}: ${message}`);
    process.exitCode = 1;
  }
}
