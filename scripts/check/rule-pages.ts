import path from 'node:path';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { run } from '../runtime/run.ts';
import type { Check } from './check.ts';

export const rulePages: Check = {
  name: 'rule-pages',
  about: 'docs/rules is what the rules say of themselves',
  async run() {
    const entry = path.join(PROJECT_DIR, 'center-server/src/cli/docs.ts');
    await run(process.execPath, [entry, '--check'], { cwd: PROJECT_DIR });
  },
};
