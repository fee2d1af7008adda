import { ConfigError } from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { CollectorsConfig } from '../config.ts';
import type { Centre, Outbox } from '../outbox/index.ts';

/** What a running collector has to work with. */
export interface KindContext {
  /** The CloudEvents source of what it observes. */
  source: string;
  outbox: Outbox;
  centre: Centre;
  config: CollectorsConfig;
  log: Logger;
  /** Aborted when the collector is to end. */
  signal: AbortSignal;
}

/** A collector at work. It never ends by itself; what goes wrong is logged and tried again. */
export interface Collector {
  /** Where it can be reached, for kinds that listen. */
  url?: string;
  /** Resolves when it has ended, after the signal. */
  done: Promise<void>;
}

/** A kind of source: what may be set for it, and how it is collected. */
export interface Kind {
  name: string;
  /** @param values the keys of its entry in the configuration. @throws ConfigError for a wrong one */
  start(values: Record<string, unknown>, context: KindContext): Promise<Collector>;
}

/** Makes a kind of its options' schema and its work. */
export function defineKind<S extends z.ZodObject>(
  name: string,
  options: S,
  start: (options: z.output<S>, context: KindContext) => Collector | Promise<Collector>,
): Kind {
  return {
    name,
    async start(values, context) {
      const parsed = options.strict().safeParse(values);
      if (parsed.success) return start(parsed.data as z.output<S>, context);
      const issue = parsed.error.issues[0];
      const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      const key = unknown ?? issue?.path.map(String).join('.') ?? '';
      const what =
        unknown === undefined
          ? issue?.message
          : `unknown key; expected one of ${Object.keys(options.shape).join(', ')}`;
      throw new ConfigError(`collectors.kinds: ${name}: ${key}: ${what}`);
    },
  };
}
