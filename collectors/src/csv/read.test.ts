import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogError, type Trace } from '../mapping/index.ts';
import { parseMapping } from '../mapping/load.ts';
import { openCsv } from './read.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'csv-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const mapping = (more = '') =>
  parseMapping(
    `name: t\nregion: "130681"\ncaseNo: { attribute: no }\nstart: {}\nend: {}\nevent: { activity: what, time: when }\n${more}`,
    'm.yaml',
  );

async function read(content: string | Buffer, more?: string): Promise<{ traces: Trace[]; error?: string }> {
  const file = join(folder, 'table.csv');
  writeFileSync(file, content);
  const traces: Trace[] = [];
  try {
    for await (const trace of openCsv(file, mapping(more)).traces) traces.push(trace);
    return { traces };
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    return { traces, error: error.message };
  }
}

describe('reading tables', () => {
  it('brings the rows of a case together, wherever they stand, with quotes, gzip and a byte order mark', async () => {
    const text = '\ufeffno,what,when,dept\n1,"受理, 一",t1,\n2,受理,t2,\n1,"办\n结",t3,住建局\n';
    for (const content of [text, gzipSync(text)]) {
      const { traces, error } = await read(content);
      expect(error).toBeUndefined();
      expect(
        traces.map(({ attributes, events }) => [attributes.get('no'), attributes.get('dept'), events.length]),
      ).toEqual([
        ['1', '住建局', 2],
        ['2', undefined, 1],
      ]);
      expect(traces[0]!.events.map(({ attributes }) => attributes.get('what'))).toEqual([
        '受理, 一',
        '办\n结',
      ]);
    }
  });

  it('takes a row as a case where the mapping says so, in the encoding and with the delimiter it says', async () => {
    const gbk = Buffer.from([...Buffer.from('no;name\n1;'), 0xd6, 0xd0, 0x0a]);
    const { traces } = await read(gbk, 'csv: { rows: case, delimiter: ";", encoding: gbk }');
    expect(traces).toMatchObject([{ events: [] }]);
    expect(traces[0]!.attributes.get('name')).toBe('中');
  });

  it('names line and column where it breaks, and keeps what came before', async () => {
    const short = await read('no,what,when\n1,a,t\n2,b\n');
    expect(short.error).toMatch(/table.csv line 3: .*columns/i);
    expect(short.traces).toHaveLength(1);
    expect((await read('no,what\n1,a\n')).error).toMatch(
      /line 1: no column "when", which mapping "t" names; it has no, what/,
    );
    const packed = gzipSync(
      `no,what,when\n${Array.from({ length: 9000 }, (_, n) => `${n},${Math.sin(n)},t\n`).join('')}`,
    );
    const cut = await read(packed.subarray(0, -50));
    expect(cut.error).toMatch(/the gzip data end too early/);
    expect(cut.traces.length).toBeGreaterThan(8500);
  });
});
