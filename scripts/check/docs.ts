import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { run } from '../runtime/run.ts';
import { SUBCOMMANDS } from '../subcommands.mjs';
import type { Check } from './check.ts';
import { askedOf, quotedCommands, type Quoted } from './quoted-commands.ts';

const MINGJING = path.join(PROJECT_DIR, 'scripts/mingjing.mjs');

/** README.md and every page below docs/ and beside the code, as paths from the root. */
function pages(): string[] {
  const below = (folder: string): string[] =>
    existsSync(path.join(PROJECT_DIR, folder))
      ? readdirSync(path.join(PROJECT_DIR, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
          .map((name) => path.join(folder, name))
      : [];
  const folders = ['docs', 'demo', 'docker', 'scripts', ...workspaces()];
  return ['README.md', ...folders.flatMap(below)].filter((file) => existsSync(path.join(PROJECT_DIR, file)));
}

interface Manifest {
  workspaces: string[];
  scripts: Record<string, string>;
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package.json'), 'utf8')) as Manifest;
}

function workspaces(): string[] {
  return manifest().workspaces;
}

const helps = new Map<string, Promise<string>>();

/** What a sub-command says of itself; asked once. */
function helpOf(words: readonly string[]): Promise<string> {
  const key = words.join(' ');
  const known = helps.get(key) ?? run(process.execPath, [MINGJING, ...words, '--help'], { cwd: PROJECT_DIR });
  helps.set(key, known);
  return known;
}

/** Whether a help page names a nested command, such as "add" of "user". */
function hasNested(help: string, word: string): boolean {
  return new RegExp(`^  ${word.replace(/\W/g, '')}\\b`, 'm').test(help.split(/^Commands:/m)[1] ?? '');
}

/** @returns what is wrong with the arguments, or undefined */
async function wrongWith(args: readonly string[]): Promise<string | undefined> {
  const [name = '', second] = args;
  if (name.startsWith('-') || name === 'COMMAND') return undefined;
  if (!Object.hasOwn(SUBCOMMANDS, name)) return `there is no command "mingjing ${name}"`;
  let help = await helpOf([name]);
  let called = `mingjing ${name}`;
  if (second !== undefined && /^[a-z-]+$/.test(second) && hasNested(help, second)) {
    help = await helpOf([name, second]);
    called += ` ${second}`;
  }
  if (/^Usage: .*jest options/m.test(help)) return undefined; // Jest's own options pass through
  const flags = args.flatMap((word) => /^--?[a-z][a-z-]*/i.exec(word)?.[0] ?? []);
  const unknown = flags.find((flag) => !new RegExp(`(^|[\\s,[])${flag}\\b`, 'm').test(help));
  return unknown === undefined ? undefined : `${called} has no option ${unknown}`;
}

async function judge({ place, words }: Quoted): Promise<string[]> {
  const asked = askedOf(words);
  if (asked === undefined) return [];
  if ('script' in asked) {
    const { scripts } = manifest();
    return Object.hasOwn(scripts, asked.script)
      ? []
      : [`${place}: package.json has no script "${asked.script}"`];
  }
  const wrong = await wrongWith(asked.mingjing);
  return wrong === undefined ? [] : [`${place}: ${wrong}`];
}

export const docs: Check = {
  name: 'docs',
  about: 'the commands that README.md and docs/ quote exist, with the options that they quote',
  async run() {
    const quoted = pages().flatMap((file) =>
      quotedCommands(file, readFileSync(path.join(PROJECT_DIR, file), 'utf8')),
    );
    const wrong: string[] = [];
    for (const command of quoted) wrong.push(...(await judge(command)));
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  },
};
