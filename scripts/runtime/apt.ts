import { existsSync } from 'node:fs';
import { run } from './run.ts';

/** Something that Debian's packages give, and that this machine may not let us install. */
export class NotInstalledError extends Error {
  override name = 'NotInstalledError';
}

/** apt's lists are fetched once per run, and only when something is missing. */
let listsFetched: Promise<unknown> | undefined;

/** Of these Debian packages, those that are not installed. On other systems: all. */
async function missing(packages: readonly string[]): Promise<string[]> {
  if (!existsSync('/usr/bin/dpkg-query')) return [...packages];
  const found = await Promise.all(
    packages.map((name) =>
      run('dpkg-query', ['-W', '-f=${Status}', name]).then(
        (status) => status.includes('ok installed'),
        () => false,
      ),
    ),
  );
  return packages.filter((_, index) => found[index] !== true);
}

/** The exact command that installs Debian packages by hand. */
export function aptCommand(packages: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * Installs those of the Debian packages that are missing: as root only, on Debian and its kin only.
 * @throws NotInstalledError naming the exact command, where that is not possible
 */
export async function aptInstall(
  packages: readonly string[],
  onLine?: (line: string) => void,
): Promise<void> {
  const needed = await missing(packages);
  if (needed.length === 0) return;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new NotInstalledError(`not installed: ${needed.join(', ')}. Run: ${aptCommand(needed)}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, ...(onLine ? { onLine } : {}) };
  // another apt (unattended upgrades, a second start) may hold the lock for a while
  const patience = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  try {
    listsFetched ??= run('apt-get', [...patience, 'update', '-qq'], options);
    await listsFetched;
    await run('apt-get', [...patience, 'install', '-y', '-q', '--no-install-recommends', ...needed], options);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new NotInstalledError(`apt-get could not install ${needed.join(', ')}: ${why}`, { cause: error });
  }
}
