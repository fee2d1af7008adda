import { readFileSync } from 'node:fs';

const PERSONAL = readFileSync(new URL('./personal.js', import.meta.url), 'utf8')
  .trim()
  .replace(/;$/, '');

/** A script for a page that knows what is personal (personal.js); its value is that of the script's last statement. */
export function withPersonal(script: string): string {
  // In a block: its constants stay out of the page's own names.
  return `{\nconst { EDITABLE, COVERED, DRAWN, UNSEEN, flowOf, personalIn } = ${PERSONAL};\n${script}\n}`;
}
