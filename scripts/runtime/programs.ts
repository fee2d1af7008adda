import { constants, accessSync } from 'node:fs';
import path from 'node:path';
import { aptInstall, NotInstalledError } from './apt.ts';
import { run } from './run.ts';

/** The file of a program on PATH, or undefined. */
export function which(name: string): string | undefined {
  for (const dir of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const file = path.join(dir, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue; // not in this folder
    }
  }
  return undefined;
}

/** A program that the centre calls but npm does not bring. */
export interface Program {
  /** What it is for, as a person would say it. */
  title: string;
  /** The environment variable that points at another one. */
  variable: string;
  names: readonly string[];
  packages: readonly string[];
}

export const FFMPEG: Program = {
  title: 'ffmpeg',
  variable: 'MINGJING_MEDIA_FFMPEG',
  names: ['ffmpeg'],
  packages: ['ffmpeg'],
};

export const CHROMIUM: Program = {
  title: 'Chromium',
  variable: 'MINGJING_COLLECTORS_CHROMIUM',
  names: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
  packages: ['chromium'],
};

/** Where a program is: the environment says, or PATH. */
export function findProgram({ variable, names }: Program): string | undefined {
  const named = process.env[variable];
  if (named !== undefined && named !== '') return named;
  for (const name of names) {
    const file = which(name);
    if (file !== undefined) return file;
  }
  return undefined;
}

/**
 * Finds a program, or installs it where that is possible.
 * @throws NotInstalledError saying how to install it
 */
export async function needProgram(program: Program, onLine?: (line: string) => void): Promise<string> {
  const found = findProgram(program);
  if (found !== undefined) return found;
  await aptInstall(program.packages, onLine);
  const installed = findProgram(program);
  if (installed === undefined) {
    throw new NotInstalledError(
      `${program.title}: ${program.packages.join(', ')} brought none of ${program.names.join(', ')}`,
    );
  }
  return installed;
}

/** The Debian package with the Chinese writing of screens and burnt-in clocks. */
export const CJK_FONT_PACKAGES = ['fontconfig', 'fonts-noto-cjk'];

/** A font of this machine that can write Chinese, or undefined. */
export async function findChineseFont(): Promise<string | undefined> {
  if (which('fc-list') === undefined) return undefined;
  const fonts = await run('fc-list', [':lang=zh-cn', 'family']);
  const families = fonts
    .split('\n')
    .filter((line) => line !== '')
    .sort();
  return (families.find((family) => family.includes('Noto Sans CJK SC')) ?? families[0])?.split(',')[0];
}

/**
 * Finds a Chinese font, or installs one where that is possible.
 * @throws NotInstalledError saying how to install it
 */
export async function needChineseFont(onLine?: (line: string) => void): Promise<string> {
  const found = await findChineseFont();
  if (found !== undefined) return found;
  await aptInstall(CJK_FONT_PACKAGES, onLine);
  const installed = await findChineseFont();
  if (installed === undefined)
    throw new NotInstalledError(`no font with Chinese after installing fonts-noto-cjk`);
  return installed;
}
