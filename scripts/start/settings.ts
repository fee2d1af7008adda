import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, CONFIG_SECTIONS, type ConfigSection } from '@mingjing/contracts';
import { parse } from 'yaml';
import { PROJECT_DIR } from '../runtime/paths.ts';

/** What the owner of this installation has set. Each process checks its own section; here is only looked up. */
export interface Settings {
  /** mingjing.yaml, or undefined when there is none. */
  file: string | undefined;
  /** The value of a key as text: of MINGJING_<SECTION>_<KEY>, else of the file, else undefined. */
  get(section: ConfigSection, key: string): string | undefined;
}

/** publicUrl → MINGJING_CENTRE_PUBLIC_URL */
export function variableFor(section: ConfigSection, key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => `_${letter}`);
  return `MINGJING_${section}_${words}`.toUpperCase();
}

function readFile(file: string): Record<string, unknown> {
  try {
    const whole: unknown = parse(readFileSync(file, 'utf8')) ?? {};
    if (typeof whole === 'object' && !Array.isArray(whole)) return whole as Record<string, unknown>;
  } catch (error) {
    throw new ConfigError(`${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  throw new ConfigError(`${file}: expected the sections ${CONFIG_SECTIONS.join(', ')}`);
}

/**
 * Reads the configuration file, if there is one.
 * @throws ConfigError when the file cannot be read, or has a section that nobody owns
 */
export function readSettings(named: string | undefined): Settings {
  const wanted = named ?? process.env['MINGJING_CONFIG'];
  if (wanted !== undefined && !existsSync(wanted)) {
    throw new ConfigError(`${wanted}: there is no such configuration file`);
  }
  const usual = path.join(PROJECT_DIR, 'mingjing.yaml');
  const file = wanted ?? (existsSync(usual) ? usual : undefined);
  const sections = file === undefined ? {} : readFile(file);
  for (const name of Object.keys(sections)) {
    if ((CONFIG_SECTIONS as readonly string[]).includes(name)) continue;
    throw new ConfigError(
      `${file}: unknown section "${name}"; expected one of ${CONFIG_SECTIONS.join(', ')}`,
    );
  }
  return {
    file: file === undefined ? undefined : path.resolve(file),
    get(section, key) {
      const value =
        process.env[variableFor(section, key)] ??
        (sections[section] as Record<string, unknown> | undefined)?.[key];
      if (value === undefined || value === null) return undefined;
      return typeof value === 'string' ? value : JSON.stringify(value);
    },
  };
}

/** The server that the owner has named, and what named it; undefined for the embedded one. */
export function databaseSetting(settings: Settings): { url: string; name: string } | undefined {
  const url = settings.get('database', 'url');
  if (url !== undefined) return { url, name: 'database.url' };
  const given = process.env['DATABASE_URL'];
  return given === undefined || given === '' ? undefined : { url: given, name: 'DATABASE_URL' };
}
