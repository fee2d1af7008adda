import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_DIR } from '../runtime/paths.ts';
import type { Check } from './check.ts';

/** Licences that a project under Apache-2.0 may ship, or (MPL) use unchanged. */
const ALLOWED = new Set([
  ...[
    '0BSD',
    'Apache-2.0',
    'BlueOak-1.0.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'CC-BY-4.0',
    'CC0-1.0',
    'ISC',
    'MIT',
  ],
  ...['MPL-2.0', 'OFL-1.1', 'Python-2.0', 'Unlicense', 'Zlib'],
]);

/** Packages whose manifest does not say it in SPDX words, read by hand from their licence files. */
const READ_BY_HAND: Record<string, string> = {
  'async@0.2.10': 'MIT',
  'xmlhttprequest-ssl@2.1.2': 'MIT',
};

interface LockEntry {
  version?: string;
  license?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

/** Another platform's part of a package, which the lock file only names, is under that package's licence. */
function licenceOfOwner(
  name: string,
  version: string,
  packages: Record<string, LockEntry>,
): string | undefined {
  const owner = Object.values(packages).find((entry) => entry.optionalDependencies?.[name] === version);
  return owner?.license;
}

/** Whether an SPDX expression can be met by allowed licences: one of OR, each of AND. */
export function isAllowed(expression: string): boolean {
  const plain = expression.replace(/[()]/g, '').replace(/^MPL 2\.0$/, 'MPL-2.0');
  return plain
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => ALLOWED.has(name.trim())));
}

export const licences: Check = {
  name: 'licences',
  about: 'every dependency is under a licence that we may ship',
  run() {
    const lock = JSON.parse(readFileSync(path.join(PROJECT_DIR, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, LockEntry>;
    };
    const refused = Object.entries(lock.packages).flatMap(([place, entry]) => {
      const name = place.split('node_modules/').at(-1) ?? '';
      if (!place.includes('node_modules/') || entry.link) return [];
      const id = `${name}@${entry.version ?? ''}`;
      const own = entry.license ?? READ_BY_HAND[id];
      const licence = own ?? licenceOfOwner(name, entry.version ?? '', lock.packages) ?? 'none named';
      return isAllowed(licence) ? [] : [`${id}: ${licence}`];
    });
    if (refused.length === 0) return Promise.resolve();
    return Promise.reject(new Error(`not on the list of allowed licences:\n${refused.join('\n')}`));
  },
};
