interface Target {
  webSocketDebuggerUrl: string;
}
interface Reply {
  id: number;
  result?: { result?: { value?: unknown } };
  error?: { message: string };
}

const ANSWER_WITHIN_MS = 30_000;

/** Asks a Node process that runs with --inspect, in order, and closes. @throws Error with what it said */
async function ask(
  port: number,
  questions: readonly { method: string; params?: object }[],
): Promise<unknown> {
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as Target[];
  const address = targets[0]?.webSocketDebuggerUrl;
  if (address === undefined) throw new Error('the process offers nothing to be looked into');
  const socket = new WebSocket(address);
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error(`no connection to ${address}`)), {
        once: true,
      });
    });
    let last: unknown;
    for (const [index, question] of questions.entries()) {
      const answered = new Promise<Reply>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no answer to ${question.method}`)), ANSWER_WITHIN_MS);
        socket.addEventListener('message', ({ data }) => {
          const reply = JSON.parse(String(data)) as Reply;
          if (reply.id !== index) return;
          clearTimeout(late);
          resolve(reply);
        });
      });
      socket.send(JSON.stringify({ id: index, ...question }));
      const { result, error } = await answered;
      if (error) throw new Error(`${question.method}: ${error.message}`);
      last = result?.result?.value;
    }
    return last;
  } finally {
    socket.close();
  }
}

/** What a Node process holds after its garbage was collected: its heap, and the buffers outside of it. In bytes. */
export async function heldBytes(port: number): Promise<number> {
  const usage =
    '(() => { const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; })()';
  const held = await ask(port, [
    { method: 'HeapProfiler.collectGarbage' },
    { method: 'Runtime.evaluate', params: { expression: usage, returnByValue: true } },
  ]);
  if (typeof held !== 'number') throw new Error(`the process told ${String(held)} as its memory`);
  return held;
}
