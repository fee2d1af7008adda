/* global window */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_EVENTS = 2000;
const RETRY_MS = 3000;

/** What waits to be sent, in memory and bounded: the oldest gives way, and that is said, never hidden. */
export class Queue {
  #waiting = [];
  #bytes = 0;
  #lost = 0;
  #sending = false;
  #options;

  /** @param options send: sends one, throws with refused = true for what will never be taken; tell: says how it stands */
  constructor(options) {
    this.#options = options;
  }

  /** How many were given up. */
  get lost() {
    return this.#lost;
  }

  get waiting() {
    return this.#waiting.length;
  }

  add(item) {
    this.#waiting.push(item);
    this.#bytes += item.bytes?.byteLength ?? 0;
    // The first may be under way; it is given up only when it stands alone.
    while ((this.#bytes > MOST_BYTES || this.#waiting.length > MOST_EVENTS) && this.#waiting.length > 1) {
      const [gone] = this.#waiting.splice(this.#sending ? 1 : 0, 1);
      this.#bytes -= gone.bytes?.byteLength ?? 0;
      this.#lost += 1;
    }
    if (!this.#sending) void this.#run();
  }

  async #run() {
    this.#sending = true;
    while (this.#waiting.length > 0) {
      const [item] = this.#waiting;
      try {
        await this.#options.send(item);
        this.#drop();
        this.#say('正在上报 Sending');
      } catch (error) {
        if (error.refused) {
          this.#lost += 1;
          this.#drop();
        }
        this.#say(`等待中心 Waiting for the centre: ${error.message}`);
        await new Promise((resolve) => window.setTimeout(resolve, RETRY_MS));
      }
    }
    this.#sending = false;
  }

  #drop() {
    const gone = this.#waiting.shift();
    this.#bytes -= gone.bytes?.byteLength ?? 0;
  }

  #say(text) {
    this.#options.tell(`${text} · 待发 waiting ${this.waiting} · 丢失 lost ${this.#lost}`);
  }
}
