/** Tells steps of a longer work, one line each, with the time each took. */
export interface Steps {
  /** @returns what the work gave; its failure is told and thrown on */
  step<T>(title: string, work: (onLine: (line: string) => void) => Promise<T>): Promise<T>;
}

const SHOWN = 100;

/** Lines on the error stream: standard output is for the result. On a terminal the running step shows what it does. */
export function createSteps(stream: NodeJS.WriteStream = process.stderr): Steps {
  const erase = stream.isTTY ? '\r\u001b[K' : '';
  return {
    async step(title, work) {
      const started = performance.now();
      const took = (): string => `(${((performance.now() - started) / 1000).toFixed(1)} s)`;
      if (stream.isTTY) stream.write(`… ${title}`);
      try {
        const result = await work((line) => {
          if (stream.isTTY) stream.write(`${erase}… ${title}: ${line}`.slice(0, SHOWN));
        });
        stream.write(`${erase}✔ ${title} ${took()}\n`);
        return result;
      } catch (error) {
        stream.write(`${erase}✖ ${title} ${took()}\n`);
        throw error;
      }
    },
  };
}
