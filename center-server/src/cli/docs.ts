/** `mingjing docs`: writes docs/rules from the rules themselves, or checks that it is up to date. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rulePages } from '@mingjing/rules';
import { Command } from 'commander';

async function keptPages(folder: string): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md'));
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(folder, name), 'utf8')] as const),
    ),
  );
}

async function run({ folder, check }: { folder: string; check?: true }): Promise<void> {
  const [pages, kept] = [rulePages(), await keptPages(folder)];
  const changed = [...pages].filter(([name, text]) => kept.get(name) !== text).map(([name]) => name);
  const left = [...kept.keys()].filter((name) => !pages.has(name));
  if (check) {
    const wrong = [...changed, ...left];
    if (wrong.length === 0) return;
    throw new Error(
      `not what the rules say: ${wrong.join(', ')} in ${folder}. Make them anew: mingjing docs`,
    );
  }
  for (const name of changed) await writeFile(path.join(folder, name), pages.get(name) ?? '');
  for (const name of left) await rm(path.join(folder, name));
  console.log(`${pages.size} pages in ${folder}, ${changed.length + left.length} changed`);
}

const command = new Command('mingjing docs')
  .description('Writes a page for each rule from the rule itself.')
  .option('--folder <folder>', 'where the pages are', 'docs/rules')
  .option('--check', 'change nothing; fail when a page is not what its rule says');

command.parse();
run(command.opts<{ folder: string; check?: true }>()).catch((error: unknown) => {
  console.error(`mingjing docs: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
