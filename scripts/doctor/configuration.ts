import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConfigSection } from '@mingjing/contracts';
import { PROJECT_DIR, RUNTIME_DIR } from '../runtime/paths.ts';
import { run, RunError } from '../runtime/run.ts';
import { portProblem } from '../start/ports.ts';
import { environmentFor } from '../start/services.ts';
import { variableFor, type Settings } from '../start/settings.ts';
import { found, missing, wrong, type Finding } from './finding.ts';

/** Who owns which sections, and how it reads them. */
const READERS: readonly { sections: readonly ConfigSection[]; file: string; read: string }[] = [
  { sections: ['centre', 'database', 'ingest'], file: 'center-server/src/config.ts', read: 'loadConfig' },
  { sections: ['media'], file: 'media/src/config.ts', read: 'readMediaConfig' },
  { sections: ['collectors'], file: 'collectors/src/config.ts', read: 'loadConfig' },
];

/** What start gives to processes, where the owner gives nothing: so that only the owner's mistakes are told. */
const GIVEN_BY_START = [
  ['database', 'url', 'postgresql://localhost/mingjing'],
  ['media', 'token', 'x'.repeat(32)],
  ['media', 'ticketKey', 'x'.repeat(32)],
  ['collectors', 'token', 'x'.repeat(32)],
] as const;

function environment(settings: Settings, sections: readonly ConfigSection[]): NodeJS.ProcessEnv {
  const env = environmentFor(settings, sections);
  for (const [section, key, value] of GIVEN_BY_START) {
    const given = !sections.includes(section) || settings.get(section, key) !== undefined;
    if (!given) env[variableFor(section, key)] = value;
  }
  return env;
}

/** Lets each owner read its own sections, in a process of its own, as it will at a start. */
export async function configFindings(settings: Settings): Promise<Finding[]> {
  const name = settings.file ?? 'no mingjing.yaml: defaults and environment';
  const readers = READERS.filter(({ file }) => existsSync(path.join(PROJECT_DIR, file)));
  return Promise.all(
    readers.map(async ({ sections, file, read }) => {
      const title = `configuration: ${sections.join(', ')}`;
      const code = `const { ${read} } = await import(${JSON.stringify(path.join(PROJECT_DIR, file))});
        try { ${read}(); } catch (error) { console.error(error.message); process.exit(1); }`;
      try {
        const args = ['--input-type=module', '-e', code];
        await run(process.execPath, args, { cwd: PROJECT_DIR, env: environment(settings, sections) });
        return found(title, name);
      } catch (error) {
        const why = error instanceof RunError ? error.tail : String(error);
        return wrong(title, why, 'mend the key that is named; mingjing.example.yaml has them all');
      }
    }),
  );
}

/** Whether a centre of this checkout runs, which then holds the ports. */
function isRunning(): boolean {
  const file = path.join(RUNTIME_DIR, 'running.json');
  if (!existsSync(file)) return false;
  return readFileSync(file, 'utf8').includes('"url"');
}

export async function portFindings(settings: Settings): Promise<Finding[]> {
  const wanted = [
    ['centre', settings.get('centre', 'host') ?? '127.0.0.1', Number(settings.get('centre', 'port') ?? 8080)],
    ['media', settings.get('media', 'host') ?? '127.0.0.1', Number(settings.get('media', 'port') ?? 8081)],
    ['WebRTC', '127.0.0.1', Number(settings.get('media', 'rtcMinPort') ?? 44_400)],
    ['demo counter pages', '127.0.0.1', 8083],
  ] as const;
  return Promise.all(
    wanted.map(async ([name, host, port]) => {
      const problem = await portProblem(host, port);
      if (problem === undefined) return found(`port of ${name}`, `${host}:${port} is free`);
      if (isRunning()) return found(`port of ${name}`, `${host}:${port} is used, and mingjing start runs`);
      const detail = `${host}:${port}: ${problem}`;
      return missing(`port of ${name}`, detail, 'stop what uses it, or choose another in mingjing.yaml');
    }),
  );
}
