/** The one place that uses fluent-ffmpeg, which is archived upstream. */
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

/**
 * Starts ffmpeg. It lives no longer than this process: its stills go into a pipe of ours and its
 * packets to a worker of ours, and it ends when it cannot write to either.
 */
export function runFfmpeg(ffmpeg: string, plan: FfmpegPlan, { onStill, onEnd }: FfmpegHooks): FfmpegRun {
  let closing = false;
  let running = false;
  const command = fluentFfmpeg({ logger: undefined, stdoutLines: 20 })
    .setFfmpegPath(ffmpeg)
    .input(plan.input.target);
  command.inputOptions(...spread([...plan.input.options, ...GENERAL]));
  if (plan.rtp) command.output(plan.rtp.target).outputOptions(...spread(plan.rtp.options));
  command.output(new JpegSplitter(onStill)).outputOptions(...spread(plan.stills.options));
  // Its list of formats cannot be read from ffmpeg 7 on ("D d lavfi"); ffmpeg itself says what it lacks.
  Object.assign(command, { _checkCapabilities: (done: () => void) => done() });

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
