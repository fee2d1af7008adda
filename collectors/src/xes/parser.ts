import { SaxesParser, type SaxesTagNS } from 'saxes';
import { messageOf } from '../outbox/index.ts';
import { LogError, type Attributes, type LogEvent, type Trace } from '../mapping/index.ts';

/** Elements that are attributes (IEEE 1849-2016, §4.2). */
const ATTRIBUTES = new Set(['string', 'date', 'int', 'float', 'boolean', 'id', 'list', 'container']);

/** Bounds that no honest log meets, so that a hostile one cannot take the memory. */
const MAX_DEPTH = 100;
const MAX_TRACE_ATTRIBUTES = 2_000_000;
const MAX_TAG_CHARACTERS = 16 * 1024 * 1024;

/**
 * Reads XES as it comes, a piece of text at a time, and gives each trace when it is complete.
 * A DOCTYPE is refused, with it every entity declaration, internal or external.
 */
export class XesParser {
  readonly #file: string;
  readonly #sax = new SaxesParser({ xmlns: true, position: true });
  /** Keys that `<global scope="trace">` declares for every trace. */
  readonly declared = new Set<string>();
  /** Events that stand in no trace; they belong to no case. */
  looseEvents = 0;
  readonly #done: Trace[] = [];
  #trace: Trace | undefined;
  #event: LogEvent | undefined;
  #inTraceGlobals = false;
  #namespace: string | undefined;
  /** Keys of the attributes that are open, outermost first. */
  #path: string[] = [];
  #depth = 0;
  /** Depth of the element whose whole content is passed over; 0 for none. */
  #skipping = 0;
  #attributesOfTrace = 0;
  #sinceTag = 0;
  #closed = false;

  constructor(file: string) {
    this.#file = file;
    this.#sax.on('error', (error) => this.#fail(error.message.replace(/^\d+:\d+: /, '')));
    this.#sax.on('doctype', () =>
      this.#fail('a DOCTYPE, and with it any entity declaration, is refused; XES needs none'),
    );
    this.#sax.on('opentag', (tag) => this.#open(tag));
    this.#sax.on('closetag', (tag) => this.#close(tag.local));
  }

  /** The line that is being read. */
  get line(): number {
    return this.#sax.line;
  }

  /** Reads a piece of text. @throws LogError; the traces that were complete before can be taken all the same */
  write(text: string): void {
    this.#sinceTag += text.length;
    this.#guard(() => this.#sax.write(text));
    if (this.#sinceTag > MAX_TAG_CHARACTERS)
      this.#fail(`no tag ends within ${MAX_TAG_CHARACTERS} characters`);
  }

  /** The traces that were completed since the last call. */
  take(): Trace[] {
    return this.#done.splice(0);
  }

  /** Says that the text has ended. @throws LogError when the log is not complete */
  end(): void {
    this.#guard(() => this.#sax.close());
    if (!this.#closed) this.#fail('expected <log>, found nothing');
  }

  #guard(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (error instanceof LogError) throw error;
      this.#fail(messageOf(error));
    }
  }

  #fail(message: string): never {
    throw new LogError(`${this.#file} line ${this.#sax.line}: ${message}`);
  }

  #open(tag: SaxesTagNS): void {
    this.#sinceTag = 0;
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) this.#fail(`elements are nested more than ${MAX_DEPTH} deep`);
    if (this.#skipping > 0) return;
    if (this.#depth === 1) this.#openLog(tag);
    else if (tag.uri !== this.#namespace) this.#skipping = this.#depth;
    else if (this.#inTraceGlobals) this.#declare(tag);
    else if (ATTRIBUTES.has(tag.local)) this.#openAttribute(tag);
    else if (tag.local !== 'values') this.#openPart(tag);
  }

  #openLog(tag: SaxesTagNS): void {
    if (tag.local !== 'log') this.#fail(`expected <log>, found <${tag.name.slice(0, 60)}>: this is no XES`);
    this.#namespace = tag.uri;
  }

  #openPart(tag: SaxesTagNS): void {
    if (tag.local === 'trace' && this.#depth === 2) {
      this.#trace = { attributes: new Map(), events: [], line: this.line };
      this.#attributesOfTrace = 0;
    } else if (tag.local === 'event' && this.#trace && this.#depth === 3) {
      this.#event = { attributes: new Map(), line: this.line };
      this.#trace.events.push(this.#event);
    } else if (tag.local === 'global' && attributeOf(tag, 'scope') === 'trace') {
      this.#inTraceGlobals = true;
    } else {
      if (tag.local === 'event') this.looseEvents += 1;
      this.#skipping = this.#depth;
    }
  }

  #declare(tag: SaxesTagNS): void {
    const key = attributeOf(tag, 'key');
    if (key !== undefined && this.#depth === 3) this.declared.add(key);
  }

  #openAttribute(tag: SaxesTagNS): void {
    const owner: Attributes | undefined = this.#event?.attributes ?? this.#trace?.attributes;
    if (!owner) {
      this.#skipping = this.#depth;
      return;
    }
    this.#path.push(attributeOf(tag, 'key') ?? '');
    const value = attributeOf(tag, 'value');
    const key = this.#path.join('/');
    // Of a key that comes twice the first counts; only lists may repeat one.
    if (value === undefined || owner.has(key)) return;
    owner.set(key, value);
    this.#attributesOfTrace += 1;
    if (this.#attributesOfTrace > MAX_TRACE_ATTRIBUTES) {
      this.#fail(`a trace has more than ${MAX_TRACE_ATTRIBUTES} attributes`);
    }
  }

  #close(local: string): void {
    this.#sinceTag = 0;
    const depth = this.#depth;
    this.#depth -= 1;
    if (this.#skipping > 0) {
      if (depth === this.#skipping) this.#skipping = 0;
    } else if (depth === 1) this.#closed = true;
    else if (this.#inTraceGlobals) this.#inTraceGlobals = depth > 2;
    else if (ATTRIBUTES.has(local)) this.#path.pop();
    else if (local === 'event') this.#event = undefined;
    else if (local === 'trace' && this.#trace) {
      this.#done.push(this.#trace);
      this.#trace = undefined;
    }
  }
}

function attributeOf(tag: SaxesTagNS, name: string): string | undefined {
  return Object.hasOwn(tag.attributes, name) ? tag.attributes[name]?.value : undefined;
}
