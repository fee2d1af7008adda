import type { Segment } from '@mingjing/contracts';
import type { Ingest } from '../sfu/ingest.ts';
import type { Stream } from '../stream/stream.ts';
import type { SegmentFiles } from './files.ts';
import { SegmentWriter } from './segmentWriter.ts';

export interface CameraRecorderOptions {
  files: SegmentFiles;
  segmentMs: number;
  lastEnd: number | undefined;
  isTaken: (startedAt: number) => boolean;
  onSegment: (segment: Segment) => void;
  onProblem: (problem: unknown) => void;
}

/** Keeps one camera's stream running and writes its film, until it is closed. */
export class CameraRecorder {
  readonly stream: Stream<Ingest>;
  readonly #writer: SegmentWriter;
  readonly #leave: () => void;
  readonly #unsubscribe: () => void;

  constructor(stream: Stream<Ingest>, { lastEnd, ...options }: CameraRecorderOptions) {
    this.stream = stream;
    this.#writer = new SegmentWriter({ camera: stream.camera.id, ...options }, lastEnd);
    this.#unsubscribe = stream.fragments.subscribe(this.#writer);
    this.#leave = stream.join(() => undefined, 'recorder');
  }

  /** @returns when the last segment lies on the disk */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#leave();
    await this.#writer.close();
  }
}
