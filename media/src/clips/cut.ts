import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ClipReport, RecordedSpan, Segment } from '@mingjing/contracts';
import { joinFilms } from '../ffmpeg/run.ts';
import type { SegmentFiles } from '../recording/files.ts';

/** Why a clip cannot be made, as people may read it. */
export class NoClip extends Error {
  override name = 'NoClip';
}

const NOTHING = '该时段没有录像 (nothing was recorded then)';
const CHANGED =
  '时段内画面格式有变化，请分段导出 (the picture changed its format meanwhile: export it in parts)';
/** Segments that follow one another are some ms apart. */
const SEAM_MS = 1500;

type Done = Extract<ClipReport, { state: 'done' }>;

export interface CutRequest {
  segments: readonly Segment[];
  from: number;
  to: number;
  files: SegmentFiles;
  ffmpeg: string;
  /** Where the film is to lie. */
  file: string;
  onProgress: (share: number) => void;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The times within a span in which nothing was recorded. Segments are in order. */
export function gapsIn(
  segments: readonly Pick<Segment, 'startedAt' | 'endedAt'>[],
  span: RecordedSpan,
): RecordedSpan[] {
  const gaps: RecordedSpan[] = [];
  let reached = span.from;
  for (const { startedAt, endedAt } of segments) {
    if (startedAt - reached > SEAM_MS) gaps.push({ from: reached, to: startedAt });
    reached = Math.max(reached, endedAt);
  }
  if (span.to - reached > SEAM_MS) gaps.push({ from: reached, to: span.to });
  return gaps;
}

/** A line of ffmpeg's list of films: quotes are its only signs. */
const listed = (file: string): string => `file '${file.replaceAll("'", String.raw`'\''`)}'\n`;

/**
 * Joins segments into one film as they are, without encoding anything anew.
 * @throws NoClip when there is nothing to join, or it does not fit together; Error with what ffmpeg or the system said
 */
export async function cutClip(request: CutRequest): Promise<Done> {
  const { segments, from, to, files, ffmpeg, file, onProgress } = request;
  const [first] = segments;
  if (!first) throw new NoClip(NOTHING);
  const isLikeFirst = ({ mimeType, width, height }: Segment): boolean =>
    mimeType === first.mimeType && width === first.width && height === first.height;
  if (!segments.every(isLikeFirst)) throw new NoClip(CHANGED);
  const list = `${file}.list`;
  const part = `${file}.part`;
  const seconds = segments.reduce((sum, { startedAt, endedAt }) => sum + (endedAt - startedAt) / 1000, 0);
  try {
    await writeFile(list, segments.map((segment) => listed(files.path(segment))).join(''));
    await joinFilms(ffmpeg, { list, file: part, onTime: (at) => onProgress(Math.min(0.9, at / seconds)) });
    await rename(part, file);
  } finally {
    await rm(list, { force: true });
    await rm(part, { force: true });
  }
  const sums: Done['segments'] = [];
  for (const segment of segments) {
    const { startedAt, endedAt } = segment;
    sums.push({ startedAt, endedAt, sha256: await sha256(files.path(segment)) });
  }
  return {
    state: 'done',
    file: { sha256: await sha256(file), bytes: (await stat(file)).size },
    segments: sums,
    gaps: gapsIn(segments, { from, to }),
  };
}
