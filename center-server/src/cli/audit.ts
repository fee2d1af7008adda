import { Command } from 'commander';
import { verifyAudit } from '../audit/verifyAudit.ts';
import { verifyViewings } from '../viewings/verifyViewings.ts';
import { runProgram, withDatabase } from './support.ts';

async function verify({ json }: { json?: boolean }): Promise<void> {
  const verdict = await withDatabase(async (pool) => {
    const log = await verifyAudit(pool);
    if (!log.ok) return log;
    const sealed = await verifyViewings(pool);
    return sealed.ok ? { ...log, viewings: sealed.viewings } : sealed;
  });
  if (json) console.log(JSON.stringify(verdict));
  else if (verdict.ok)
    console.log(
      `${verdict.lines} lines, one unbroken chain; ${verdict.viewings} viewings as they were sealed. The last hash is ${verdict.head}`,
    );
  else console.log(`The audit log was tampered with: ${verdict.reason}`);
  if (!verdict.ok) process.exitCode = 1;
}

const program = new Command('mingjing audit').description('check the audit log');

program
  .command('verify')
  .description(
    'check every line of the audit log against its hash and the line before, and viewings against their seals; exit 1 when one does not fit',
  )
  .option('--json', 'print JSON')
  .action(verify);

await runProgram(program);
