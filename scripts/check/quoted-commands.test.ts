import { expect, test } from '@jest/globals';
import { isAllowed } from './licences.ts';
import { askedOf, quotedCommands } from './quoted-commands.ts';

const PAGE = `
Text with \`npm run nothing\` in it.

\`\`\`sh
# first of all
npm start -- --port 9090
DATABASE_URL=postgresql://x npm run -s mingjing -- doctor --json | jq .
npm run -s mingjing -- replay \\
  log.xes --speed max
npm run -s lint && echo done
\`\`\`

\`\`\`ts
npm('is not a command here');
\`\`\`
`;

test('commands are read from shell blocks only, with their line and their own words', () => {
  const asked = quotedCommands('page.md', PAGE).map(({ place, words }) => [place, askedOf(words)]);
  expect(asked).toEqual([
    ['page.md:6', { mingjing: ['start', '--port', '9090'] }],
    ['page.md:7', { mingjing: ['doctor', '--json'] }],
    ['page.md:9', { mingjing: ['replay', 'log.xes', '--speed', 'max'] }],
    ['page.md:10', { script: 'lint' }],
  ]);
});

test('a licence is allowed when one of OR, and each of AND, is', () => {
  expect(isAllowed('(MIT OR GPL-3.0)')).toBe(true);
  expect(isAllowed('(MIT AND Zlib)')).toBe(true);
  expect(isAllowed('MIT AND GPL-3.0')).toBe(false);
  expect(isAllowed('none named')).toBe(false);
});
