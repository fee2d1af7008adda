import { z } from 'zod';
import { openCsv } from '../csv/read.ts';
import { loadMapping } from '../mapping/index.ts';
import { defineKind } from './kind.ts';
import { collectLogFiles, logFileOptions } from './logFiles.ts';

const options = logFileOptions.extend({
  /** What its columns mean; no table says it by itself. */
  mapping: z.string().min(1),
});

/** Tables in CSV, plain or gzip: a file or a watched folder. */
export const csv = defineKind('csv', options, (values, context) => {
  const mapping = loadMapping(values.mapping);
  const reader = {
    names: /\.csv(\.gz)?$/i,
    mappings: [mapping],
    open: (file: string) => openCsv(file, mapping),
  };
  return { done: collectLogFiles(values, reader, context) };
});
