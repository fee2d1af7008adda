/** A part of the process that is started and stopped with it. */
export interface Module {
  readonly name: string;
  start(): Promise<void> | void;
  stop(): Promise<void> | void;
}

/**
 * Stops modules, the last first. One that fails does not keep the others from stopping.
 * @throws AggregateError when any failed
 */
export async function stopAll(modules: readonly Module[]): Promise<void> {
  const problems: unknown[] = [];
  for (const module of modules.toReversed()) {
    try {
      await module.stop();
    } catch (problem) {
      problems.push(new Error(`${module.name} did not stop`, { cause: problem }));
    }
  }
  if (problems.length > 0) throw new AggregateError(problems, 'not everything stopped');
}

/**
 * Starts modules in order; when one fails, stops those that had started, in reverse.
 * @throws Error naming the module that failed, its cause inside
 */
export async function startAll(modules: readonly Module[]): Promise<void> {
  const started: Module[] = [];
  for (const module of modules) {
    try {
      await module.start();
      started.push(module);
    } catch (problem) {
      await stopAll(started);
      throw new Error(`${module.name} did not start: ${messageOf(problem)}`, { cause: problem });
    }
  }
}

/** The message of whatever was thrown. */
export function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem);
}

/** The system's code of a problem (ENOENT, ENOSPC), where it has one. */
export function codeOf(problem: unknown): unknown {
  return typeof problem === 'object' && problem !== null && 'code' in problem ? problem.code : undefined;
}
