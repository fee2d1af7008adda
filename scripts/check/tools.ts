import path from 'node:path';
import { PROJECT_DIR } from '../runtime/paths.ts';
import { run, RunError } from '../runtime/run.ts';
import type { Check } from './check.ts';

/** A check that is a program of npm's, run from the root; what it writes is the message. */
function tool(name: string, about: string, file: string, args: readonly string[]): Check {
  return {
    name,
    about,
    async run() {
      try {
        const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', NODE_OPTIONS: '' };
        const program = path.join(PROJECT_DIR, 'node_modules', file);
        await run(process.execPath, [program, ...args], { cwd: PROJECT_DIR, watched: true, env });
      } catch (error) {
        if (error instanceof RunError && error.tail !== '') throw new Error(error.tail, { cause: error });
        throw error;
      }
    },
  };
}

export const types = tool(
  'types',
  'TypeScript of every process, of tests and scripts',
  'typescript/bin/tsc',
  ['-p', '.', '--pretty', 'false'],
);

export const vueTypes = tool('types-vue', 'TypeScript of the pages', 'vue-tsc/bin/vue-tsc.js', [
  '-p',
  'web-wall',
]);

export const lint = tool('lint', 'ESLint: import directions, promises, lengths', 'eslint/bin/eslint.js', [
  ...['.', '--max-warnings', '0'],
]);

export const format = tool('format', 'Prettier', 'prettier/bin/prettier.cjs', [
  '--check',
  '--log-level',
  'warn',
  '.',
]);

export const deadExports = tool(
  'dead-exports',
  'files, exports and packages that nobody uses',
  'knip/bin/knip.js',
  [...['--no-progress', '--treat-config-hints-as-errors']],
);
