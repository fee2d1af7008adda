/**
 * Completes package-lock.json after `npm install` on a machine whose registry does not hold every platform's
 * packages: npm then leaves the missing ones out, and `npm ci` refuses the lock file. Their versions are exact
 * in the packages that name them, and their names say for which platform they are.
 *
 *   node scripts/complete-lock.mjs
 */
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../package-lock.json', import.meta.url);
const SYSTEMS = [
  'darwin',
  'win32',
  'linux',
  'freebsd',
  'android',
  'openharmony',
  'aix',
  'wasi',
  'sunos',
  'netbsd',
  'openbsd',
];
const PROCESSORS = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  's390x',
  'riscv64',
  'loong64',
  'mips64el',
  'wasm32',
];

/** @oxc-parser/binding-linux-arm-gnueabihf → os linux, cpu arm */
function platformOf(name) {
  const words = name.split(/[-/]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  return os && cpu ? { cpu: [cpu], os: [os] } : undefined;
}

/** Where npm would look for a dependency of the package at `path`. */
function isThere(packages, path, name) {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/node_modules/'))) {
    if (packages[`${at}/node_modules/${name}`]) return true;
    if (!at.includes('/node_modules/')) return packages[`node_modules/${name}`] !== undefined;
  }
}

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const added = {};
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    const platform = platformOf(name);
    if (isThere(lock.packages, path, name) || !platform || !/^\d/.test(version)) continue;
    added[`node_modules/${name}`] = { version, ...platform, ...(dev ? { dev } : {}), optional: true };
  }
}
const entries = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: Object.fromEntries(entries) }, null, 2)}\n`);
process.stdout.write(`${Object.keys(added).length} packages of other platforms added\n`);
