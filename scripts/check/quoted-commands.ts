/** A command line that a page of the documentation quotes. */
export interface Quoted {
  /** Where, as file:line. */
  place: string;
  /** The words, e.g. ["npm", "run", "-s", "mingjing", "--", "doctor", "--json"]. */
  words: string[];
}

const SHELL_BLOCK = /^```(sh|bash|shell|console)\s*$/;

/** The words of one line of shell: quotes kept together, comments, variables and pipes cut off. */
function wordsOf(line: string): string[] {
  const command = line.replace(/^\s*\$ /, '').replace(/(^|\s)#.*$/, '');
  const words = command.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  const first = words.findIndex((word) => !/^[A-Z_][A-Z0-9_]*=/.test(word));
  const rest = first === -1 ? [] : words.slice(first);
  const end = rest.findIndex((word) => /^([|>&;<]|&&|2>)/.test(word));
  return end === -1 ? rest : rest.slice(0, end);
}

/** Every line of the shell blocks of a Markdown page; lines that end in a backslash are joined. */
export function quotedCommands(file: string, text: string): Quoted[] {
  const found: Quoted[] = [];
  let inside = false;
  let joined = '';
  text.split('\n').forEach((line, index) => {
    if (line.trimStart().startsWith('```')) {
      inside = !inside && SHELL_BLOCK.test(line.trim());
      return;
    }
    if (!inside) return;
    if (line.endsWith('\\')) {
      joined += `${line.slice(0, -1)} `;
      return;
    }
    const words = wordsOf(joined + line);
    joined = '';
    if (words.length > 0) found.push({ place: `${file}:${index + 1}`, words });
  });
  return found;
}

/**
 * What a quoted line asks of mingjing or of npm's scripts.
 * @returns the arguments of mingjing; the name of another npm script; or undefined for other programs
 */
export function askedOf(words: readonly string[]): { mingjing: string[] } | { script: string } | undefined {
  const [program, ...rest] = words;
  if (program === 'mingjing') return { mingjing: rest };
  if (program !== 'npm') return undefined;
  const args = rest.filter((word) => word !== '-s' && word !== '--silent');
  const [verb = '', name = ''] = args;
  const after = (count: number): string[] =>
    args.slice(count).filter((word, index) => index > 0 || word !== '--');
  if (verb === 'start' || verb === 'test') return { mingjing: [verb, ...after(1)] };
  if (verb !== 'run') return undefined;
  if (name === 'mingjing') return { mingjing: after(2) };
  if (name === 'check' || name === 'bench') return { mingjing: [name, ...after(2)] };
  return { script: name };
}
