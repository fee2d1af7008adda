import { boxAt, boxesIn, type Box } from './boxes.ts';

/** NAL unit types of H.264 (ITU-T H.264, table 7-1). */
const SLICE = 1;
const SLICE_IDR = 5;
const SPS = 7;

const ENTRY_BOXES_AT = 78;
/** avcC (ISO/IEC 14496-15 §5.3.3): version, profile, compatibility, level, length size, count of SPS. */
const AVCC_FIRST_SPS_AT = 6;

/** The sequence parameter set that the head of a film names; undefined when it is no H.264. */
export function namedSps(head: Buffer): Buffer | undefined {
  const whole: Box = { type: '', start: 0, end: head.length };
  const stsd = boxAt(head, whole, ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd']);
  const entry = stsd && boxesIn(head, stsd.start + 8, stsd.end)[0];
  if (!entry || (entry.type !== 'avc1' && entry.type !== 'avc3')) return undefined;
  const avcC = boxAt(head, { ...entry, start: entry.start + ENTRY_BOXES_AT }, ['avcC']);
  if (!avcC) return undefined;
  const at = avcC.start + AVCC_FIRST_SPS_AT;
  return head.subarray(at + 2, at + 2 + head.readUInt16BE(at));
}

/** The sequence parameter set that is sent along with the first picture of a fragment, if any. */
export function sentSps(fragment: Buffer): Buffer | undefined {
  const mdat = boxesIn(fragment, 0, fragment.length).find(({ type }) => type === 'mdat');
  if (!mdat) return undefined;
  for (let at = mdat.start; at + 5 <= mdat.end;) {
    const end = at + 4 + fragment.readUInt32BE(at);
    const type = fragment.readUInt8(at + 4) & 0x1f;
    if (type === SLICE || type === SLICE_IDR || end > mdat.end) return undefined;
    if (type === SPS) return fragment.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}
