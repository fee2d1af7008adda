import { Command } from 'commander';
import { configFindings, portFindings } from '../doctor/configuration.ts';
import { wrong, type Finding } from '../doctor/finding.ts';
import { diskFindings, memoryFinding, nodeFinding } from '../doctor/machine.ts';
import {
  chromiumFinding,
  ffmpegFinding,
  fontFinding,
  postgresFinding,
  timescaleFinding,
  workerFinding,
} from '../doctor/programs.ts';
import { readSettings, type Settings } from '../start/settings.ts';

const MARKS = { found: '✔', missing: '○', wrong: '✖' };

function spoken({ name, state, detail, mend }: Finding): string {
  const line = `${MARKS[state]} ${name}: ${detail}`;
  return mend === null ? line : `${line}\n    to mend: ${mend}`;
}

/** The settings, or what keeps them from being read. */
function settingsOr(config: string | undefined): Settings | Finding {
  try {
    return readSettings(config);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return wrong('configuration', why, 'mend the file; mingjing.example.yaml is one that works');
  }
}

async function examine(config: string | undefined): Promise<Finding[]> {
  const settings = settingsOr(config);
  const machine = [nodeFinding(), memoryFinding(), ...diskFindings(), timescaleFinding(), workerFinding()];
  const programs = await Promise.all([ffmpegFinding(), chromiumFinding(), fontFinding()]);
  if ('state' in settings) return [...machine, ...programs, settings];
  const configured = await Promise.all([
    postgresFinding(settings).then((finding) => [finding]),
    configFindings(settings),
    portFindings(settings),
  ]);
  return [...machine, ...programs, ...configured.flat()];
}

async function run({ json, config }: { json: boolean; config?: string }): Promise<void> {
  const findings = await examine(config);
  if (json) console.log(JSON.stringify(findings));
  else console.log(findings.map(spoken).join('\n'));
  if (findings.some(({ state }) => state === 'wrong')) process.exitCode = 1;
}

await new Command('mingjing doctor')
  .description(
    'Tells what is found, missing and wrong on this machine, and how to mend it. Ends with 1 when wrong.',
  )
  .option('--config <file>', 'the configuration (default: mingjing.yaml when there is one)')
  .option('--json', 'print the findings as JSON', false)
  .action(run)
  .parseAsync();
