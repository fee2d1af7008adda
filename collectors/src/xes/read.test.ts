import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogError, Tally, type Trace } from '../mapping/index.ts';
import { openXes } from './read.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'xes-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const event = (name: string): string =>
  `<event><string key="concept:name" value="${name}"/><date key="time:timestamp" value="2011-10-06T01:06:40Z"/></event>`;
const trace = (name: string, inside = event('a')): string =>
  `<trace>\n<string key="concept:name" value="${name}"/>${inside}</trace>\n`;
const log = (inside: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n<log>\n${inside}</log>`;

async function read(
  content: string | Buffer,
  name = 'log.xes',
): Promise<{ traces: Trace[]; error?: string; file: string }> {
  const file = join(folder, name);
  writeFileSync(file, content);
  const traces: Trace[] = [];
  try {
    for await (const one of openXes(file, new Tally()).traces) traces.push(one);
    return { traces, file };
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    return { traces, error: error.message, file };
  }
}
const names = (traces: Trace[]): unknown[] => traces.map(({ attributes }) => attributes.get('concept:name'));

describe('reading XES', () => {
  it('gives traces with their attributes, nested ones by path, wherever they stand', async () => {
    const nested = `<container key="dates"><date key="start" value="2011-01-01"/><string key="concept:name" value="no"/></container>`;
    const list = `<list key="parts"><values><string key="part" value="1"/><string key="part" value="2"/></values></list>`;
    const late = `<string key="late" value="after &amp; &lt;events&gt;"/>`;
    const { traces, error } = await read(log(trace('案件 1', nested + list + event('受理') + late)));
    expect(error).toBeUndefined();
    expect(Object.fromEntries(traces[0]!.attributes)).toEqual({
      'concept:name': '案件 1',
      'dates/start': '2011-01-01',
      'dates/concept:name': 'no',
      'parts/part': '1',
      late: 'after & <events>',
    });
    expect(traces[0]!.events[0]!.attributes.get('concept:name')).toBe('受理');
    expect(traces[0]!.line).toBe(3);
  });

  it('reads a log in any namespace under any prefix, and passes over foreign elements', async () => {
    const inside = `<x:trace><x:string key="concept:name" value="1"/><o:event xmlns:o="urn:other"><x:event/></o:event><x:event/></x:trace>`;
    const text = `<x:log xmlns:x="http://www.xes-standard.org/"><o:trace xmlns:o="urn:other"/>${inside}</x:log>`;
    const { traces } = await read(text);
    expect(names(traces)).toEqual(['1']);
    expect(traces[0]!.events).toHaveLength(1);
  });

  it('reads gzip under any name, and UTF-16 and Latin-1', async () => {
    const text = log(trace('é'));
    expect(names((await read(gzipSync(text), 'odd.name')).traces)).toEqual(['é']);
    const latin = text.replace('UTF-8', 'ISO-8859-1');
    expect(names((await read(Buffer.from(latin, 'latin1'))).traces)).toEqual(['é']);
    const wide = Buffer.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    expect(names((await read(wide)).traces)).toEqual(['é']);
  });

  it('keeps what was read before the file breaks, and says where it breaks', async () => {
    const broken = await read(log(trace('1') + trace('2') + '<trace><oops></trace>'));
    expect(names(broken.traces)).toEqual(['1', '2']);
    expect(broken.error).toMatch(new RegExp(`^${broken.file} line 7: unexpected close tag`));

    const cut = await read(log(trace('1') + '<trace>').replace('</log>', ''));
    expect(names(cut.traces)).toEqual(['1']);
    expect(cut.error).toMatch(/line \d+: unclosed tag/);
  });

  it('gives every trace that a cut-off gzip still holds', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => trace(`case-${n}-${Math.sin(n)}`)).join('');
    const packed = gzipSync(log(many));
    const { traces, error } = await read(packed.subarray(0, packed.length - 100), 'cut.xes.gz');
    expect(traces.length).toBeGreaterThan(2900);
    expect(error).toMatch(/cut.xes.gz line \d+: the gzip data end too early: the file is cut off/);
    const damaged = Buffer.from(packed);
    damaged.fill(0, 20, 60);
    expect((await read(damaged)).error).toMatch(/the gzip data are damaged/);
  });

  it('refuses entity declarations, internal and external, and every DOCTYPE', async () => {
    const laughs = `<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>\n<log><trace><string key="a" value="&lol2;"/></trace></log>`;
    expect(await read(laughs)).toMatchObject({
      traces: [],
      error: expect.stringMatching(/line 2: a DOCTYPE/),
    });
    const external = `<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log>&x;</log>`;
    expect((await read(external)).error).toMatch(/a DOCTYPE/);
    expect((await read(log('<trace><string key="a" value="&lol;"/></trace>'))).error).toMatch(
      /undefined entity/,
    );
  });

  it('bounds what a hostile file can make it hold', async () => {
    expect((await read(log('<string>'.repeat(200)))).error).toMatch(/nested more than 100 deep/);
    expect(
      (await read(log(`<trace><string key="a" value="${'x'.repeat(17 * 1024 * 1024)}"/></trace>`))).error,
    ).toMatch(/no tag ends within/);
  });

  it('says what it expected of what is no XES', async () => {
    expect((await read('<html/>')).error).toMatch(/line 1: expected <log>, found <html>/);
    expect((await read('')).error).toMatch(/found nothing|document must contain a root element/);
    expect((await read('{"a":1}')).error).toMatch(/line 1: /);
    expect((await read(Buffer.from([0x3c, 0x6c, 0xff, 0xfe]))).error).toMatch(/not of the file's encoding/);
  });

  it('names a file that is not there', async () => {
    const traces = openXes(join(folder, 'gone.xes'), new Tally()).traces[Symbol.asyncIterator]();
    await expect(traces.next()).rejects.toThrow(/gone.xes: ENOENT/);
  });
});
