/** The one place that uses fluent-ffmpeg, which is archived upstream. */
import { Readable } from 'node:stream';
import fluentFfmpeg from 'fluent-ffmpeg';
import type { FfmpegPlan } from './args.ts';
import { JpegSplitter } from './jpeg.ts';

export interface FfmpegHooks {
  onStill: (jpeg: Buffer) => void;
  /** Once, when the process has ended or could not be started; null when it ended by itself without an error. */
  onEnd: (problem: string | null) => void;
}

/** A running ffmpeg. */
export interface FfmpegRun {
  /** Ends it; may be called at any time and again. onEnd follows. */
  close(): void;
}

/** Options that every run has, for the whole of ffmpeg. */
const GENERAL = ['-hide_banner', '-nostdin', '-loglevel', 'error'] as const;

/** Hands options over one by one: fluent-ffmpeg splits a lone string at its spaces. */
function spread(options: readonly string[]): [string, string, ...string[]] {
  const [first, second, ...rest] = options;
  if (first === undefined || second === undefined)
    throw new Error(`expected two options at least, got ${options.length}`);
  return [first, second, ...rest];
}

interface Ring {
  get(): string;
}
type Ended = (problem?: Error, stdout?: Ring, stderr?: Ring) => void;
interface Inside {
  _checkCapabilities: (done: () => void) => void;
  availableEncoders: (done: (problem: null, encoders: object) => void) => void;
  _spawnFfmpeg: (args: string[], options: object, spawned: (...all: unknown[]) => void, ended: Ended) => void;
}

/**
 * Two faults of fluent-ffmpeg 2.1.3 that nobody mends any more. It asks ffmpeg for lists of
 * what it can do, and cannot read ffmpeg 7's ("D d lavfi"): ffmpeg itself says what it lacks. And it throws where nobody can catch when
 * the process cannot be spawned, because there is no output to read then.
 */
function mend(command: object): void {
  const inside = command as Inside;
  const spawnFfmpeg = inside._spawnFfmpeg.bind(command);
  const nothing: Ring = { get: () => '' };
  const mended: Inside = {
    _checkCapabilities: (done) => done(),
    availableEncoders: (done) => done(null, {}),
    _spawnFfmpeg: (args, options, spawned, ended) =>
      spawnFfmpeg(args, options, spawned, (problem, stdout = nothing, stderr = nothing) =>
        ended(problem, stdout, stderr),
      ),
  };
  Object.assign(command, mended);
}

/**
 * Starts ffmpeg. It lives no longer than this process: its stills go into a pipe of ours and its
 * packets to a worker of ours, and it ends when it cannot write to either.
 */
export function runFfmpeg(ffmpeg: string, plan: FfmpegPlan, { onStill, onEnd }: FfmpegHooks): FfmpegRun {
  let closing = false;
  let running = false;
  const { target, stdin } = plan.input;
  const command = fluentFfmpeg({ logger: undefined, stdoutLines: 20 })
    .setFfmpegPath(ffmpeg)
    .input(stdin === undefined ? target : Readable.from([stdin]));
  command.inputOptions(...spread([...plan.input.options, ...GENERAL]));
  if (plan.live) command.output(plan.live.target).outputOptions(...spread(plan.live.options));
  command.output(new JpegSplitter(onStill)).outputOptions(...spread(plan.stills.options));
  mend(command);

  command.on('start', () => {
    running = true;
    if (closing) command.kill('SIGKILL');
  });
  command.on('end', () => onEnd(null));
  command.on('error', (problem: Error, _stdout, stderr?: string | null) => {
    onEnd(stderr ? `${problem.message}\n${stderr}` : problem.message);
  });
  command.run();
  return {
    close() {
      if (closing) return;
      closing = true;
      if (running) command.kill('SIGKILL');
    },
  };
}

/** A list of films that are joined into one. */
export interface JoinRequest {
  /** ffmpeg's list of them: a line `file '…'` each. */
  list: string;
  file: string;
  /** How far it has come, in seconds of film. */
  onTime: (seconds: number) => void;
}

/** Joins films as they are into one that plays from its first byte. @throws Error with what ffmpeg said */
export async function joinFilms(ffmpeg: string, { list, file, onTime }: JoinRequest): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const command = fluentFfmpeg({ logger: undefined, stdoutLines: 20 }).setFfmpegPath(ffmpeg).input(list);
  command.inputOptions(...spread(['-f', 'concat', '-safe', '0', '-hide_banner', '-nostdin', '-y']));
  command.output(file).outputOptions(...spread(['-c', 'copy', '-movflags', '+faststart', '-f', 'mp4']));
  mend(command);
  command.on('progress', ({ timemark }: { timemark?: string }) => {
    const [hours, minutes, seconds] = (timemark ?? '').split(':').map(Number);
    const at = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
    if (Number.isFinite(at)) onTime(at);
  });
  command.on('end', () => resolve(undefined));
  command.on('error', (problem: Error, _stdout, stderr?: string | null) =>
    reject(new Error(stderr ? `${problem.message}\n${stderr}` : problem.message)),
  );
  command.run();
  await promise;
}
