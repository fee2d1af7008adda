import { loadMapping, shippedMappings } from '../mapping/index.ts';
import { openXes } from '../xes/read.ts';
import { defineKind } from './kind.ts';
import { collectLogFiles, logFileOptions } from './logFiles.ts';

/** Event logs in XES (IEEE 1849), plain or gzip: a file or a watched folder. */
export const xes = defineKind('xes', logFileOptions, (options, context) => {
  const mappings = options.mapping === undefined ? shippedMappings() : [loadMapping(options.mapping)];
  const reader = { names: /\.xes(\.gz)?$/i, mappings, open: openXes };
  return { done: collectLogFiles(options, reader, context) };
});
