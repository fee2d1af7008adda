import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@mingjing/contracts';
import { Outbox, OutboxFullError, type Blob } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const event = (id: string, note = ''): CloudEvent => ({
  specversion: '1.0',
  id,
  source: 'hall-1',
  type: 'heartbeat',
  time: '2026-11-22T09:41:07+08:00',
  data: { region: '130600', note },
});
const blobOf = (text: string): Blob => {
  const bytes = Buffer.from(text);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), mediaType: 'image/jpeg', bytes };
};

describe('the outbox', () => {
  it('keeps order across a restart and gives up only what was settled', () => {
    const file = join(folder, 'deep', 'o.sqlite');
    const first = new Outbox({ file });
    first.append([1, 2, 3].map((n) => ({ event: event(`e${n}`, '保定市') })));
    first.settle(first.next(1, 1e6), new Map(), 0);
    first.close();

    const second = new Outbox({ file });
    expect(second.next(10, 1e6).map((waiting) => waiting.id)).toEqual(['e2', 'e3']);
    expect(JSON.parse(second.next(1, 1e6)[0]!.body)).toEqual(event('e2', '保定市'));
    expect(second.waiting).toBe(2);
    second.close();
  });

  it('does not add an event twice while it waits, and cuts batches by bytes but never to nothing', () => {
    const outbox = new Outbox({ file: join(folder, 'o.sqlite') });
    expect(outbox.append([{ event: event('a') }, { event: event('a') }, { event: event('b') }])).toBe(2);
    expect(outbox.next(10, 1)).toHaveLength(1);
    outbox.close();
  });

  it('keeps a blob as long as a waiting event names it', () => {
    const outbox = new Outbox({ file: join(folder, 'o.sqlite') });
    const blob = blobOf('picture');
    outbox.append([
      { event: event('a'), blob },
      { event: event('b'), blob },
    ]);
    const [a, b] = outbox.next(2, 1e6);
    outbox.settle([a!], new Map(), 0);
    expect(Buffer.from(outbox.unsentBlob(blob.sha256)!.bytes).toString()).toBe('picture');
    outbox.settle([b!], new Map(), 0);
    expect(outbox.unsentBlob(blob.sha256)).toBeUndefined();
    expect(outbox.bytes).toBe(0);
    expect(() => outbox.append([{ event: event('c'), blob: { ...blob, sha256: '0'.repeat(64) } }])).toThrow(
      /hash to/,
    );
    expect(outbox.waiting).toBe(0);
    outbox.close();
  });

  it('refuses what exceeds its limit, names the file, and goes on when there is room', () => {
    const file = join(folder, 'o.sqlite');
    const outbox = new Outbox({ file, maxBytes: 1000 });
    outbox.append([{ event: event('a', 'x'.repeat(700)) }]);
    const more = [{ event: event('b', 'x'.repeat(700)) }];
    expect(() => outbox.append(more)).toThrow(OutboxFullError);
    expect(() => outbox.append(more)).toThrow(
      new RegExp(`${file} cannot take more: its limit is 1000 bytes`),
    );
    outbox.settle(outbox.next(1, 1e6), new Map(), 0);
    expect(outbox.append(more)).toBe(1);
    outbox.close();
  });

  it('records rejected events with their reason, the newest of them', () => {
    const outbox = new Outbox({ file: join(folder, 'o.sqlite'), keepRejected: 2 });
    outbox.append(['a', 'b', 'c'].map((id) => ({ event: event(id) })));
    const waiting = outbox.next(3, 1e6);
    outbox.settle(waiting, new Map(waiting.map(({ seq, id }) => [seq, `bad ${id}`])), 7);
    expect(outbox.rejected()).toMatchObject([
      { id: 'c', reason: 'bad c', at: 7 },
      { id: 'b', reason: 'bad b', at: 7 },
    ]);
    outbox.close();
  });

  it('is held by one process at a time, and says so', () => {
    const file = join(folder, 'o.sqlite');
    const other = new DatabaseSync(file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE t (a); BEGIN IMMEDIATE');
    expect(() => new Outbox({ file })).toThrow(`outbox ${file} cannot be opened: another process holds it`);
    other.close();
    new Outbox({ file }).close();
  });

  it('says what is wrong with a file that is no outbox', () => {
    const file = join(folder, 'notes.txt');
    writeFileSync(file, 'these are notes, '.repeat(100));
    expect(() => new Outbox({ file })).toThrow(`outbox ${file} cannot be opened: file is not a database`);
    expect(() => new Outbox({ file: join(file, 'o.sqlite') })).toThrow(
      /cannot be opened: .*(ENOTDIR|EEXIST)/,
    );
  });
});
