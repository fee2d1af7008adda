/**
 * A collector in a process of its own, with the real outbox and sender: reads events from a file (a JSON array),
 * keeps them in its outbox, delivers them, and says so when the outbox is empty. Started again after a crash it
 * reads its file from the beginning, as a collector that does not know how far it had come.
 *
 * node outbox-sender.ts CENTRE_URL TOKEN EVENTS_FILE OUTBOX_FILE
 */
import { readFileSync } from 'node:fs';
import { envelopeSchema } from '@mingjing/contracts';
import { pino } from 'pino';
import { z } from 'zod';
import { appendWhenRoom, Centre, Outbox, Sender } from '../../collectors/src/outbox/index.ts';

/** Small, so that a crash finds many requests under way. */
const BATCH = 50;

const [url = '', token = '', file = '', outboxFile = ''] = process.argv.slice(2);
const log = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));
const outbox = new Outbox({ file: outboxFile });
const centre = new Centre({ url, token });
const sender = new Sender({ outbox, centre, log, maxBatch: BATCH, backoff: { firstMs: 50, mostMs: 500 } });
process.stdout.write(`${JSON.stringify({ event: 'listening', url: 'outbox:' })}\n`);
const events = z.array(envelopeSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
sender.start();
for (let from = 0; from < events.length; from += BATCH) {
  const items = events.slice(from, from + BATCH).map((event) => ({ event }));
  await appendWhenRoom(outbox, items, log, new AbortController().signal);
}
while (outbox.waiting > 0) {
  await new Promise<void>((resolve) => {
    const forget = outbox.onChange(() => {
      forget();
      resolve();
    });
  });
}
const rejected = outbox.rejected();
await sender.stop();
outbox.close();
process.stdout.write(`${JSON.stringify({ event: 'drained', rejected })}\n`);
