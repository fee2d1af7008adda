import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How to run PostgreSQL, which refuses to run as root. */
export interface RunAs {
  /** Words to put before the command. */
  prefix: string[];
  /** For child_process: the user to become. Empty when the prefix does the work, or when we are not root. */
  ids: { uid?: number; gid?: number };
}

const UNPRIVILEGED = '65534';
const NAMESPACE = ['unshare', '--user', `--map-user=${UNPRIVILEGED}`, `--map-group=${UNPRIVILEGED}`, '--'];

/** The first of these users that exists: initdb needs a passwd entry for whoever runs it. */
function unprivilegedUser(names = ['postgres', 'nobody']): { uid: number; gid: number } {
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of names) {
    const entry = entries.find(([user]) => user === name);
    if (entry) return { uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new Error(
    `PostgreSQL does not run as root, and none of the users ${names.join(', ')} exists to run it as`,
  );
}

/**
 * As root, a user namespace shows us to PostgreSQL as an ordinary user: files need no new owner, and it works below
 * a private home. Where namespaces are forbidden (some containers) PostgreSQL runs as postgres or nobody.
 */
export function runAs(): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [], ids: {} };
  const [command = '', ...args] = NAMESPACE;
  if (spawnSync(command, [...args, 'true']).status === 0) return { prefix: NAMESPACE, ids: {} };
  return { prefix: [], ids: unprivilegedUser() };
}
