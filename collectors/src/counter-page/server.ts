import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Screen } from '@mingjing/contracts';
import type { City } from '../simulate/city.ts';
import type { CounterBoard } from './board.ts';
import { counterView } from './view.ts';

const PAGE = new URL('page/', import.meta.url);
const ASSETS: Record<string, string> = {
  '/assets/counter.css': 'text/css; charset=utf-8',
  '/assets/counter.js': 'text/javascript; charset=utf-8',
};
const HTML = 'text/html; charset=utf-8';

export interface CounterPageOptions {
  city: City;
  board: CounterBoard;
  host: string;
  port: number;
  /** ms since the epoch. */
  now: () => number;
}

/** The demo's counter pages, being served. */
export interface CounterPages {
  /** Where they are: http://127.0.0.1:8083 */
  url: string;
  close: () => Promise<void>;
}

function answer(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'self'; img-src data:",
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/** The path of a request's address, decoded; as it came where it cannot be. */
function pathOf(address: string): string {
  const path = address.replace(/[?#].*$/s, '');
  try {
    return decodeURI(path);
  } catch {
    // No well-formed address names a page of ours: it is not found under its raw text.
    return path;
  }
}

async function respond(options: CounterPageOptions, path: string, response: ServerResponse): Promise<void> {
  const asset = ASSETS[path];
  if (asset !== undefined) {
    answer(response, 200, asset, await readFile(new URL(path.slice('/assets/'.length), PAGE)));
    return;
  }
  const match = /^\/counter\/([^/]+)(\/state)?$/.exec(path);
  const screen = options.city.plan.screens.find((item: Screen) => item.id === match?.[1]);
  const cases = options.board.casesAt(screen?.counter ?? '');
  const view = screen ? counterView(options.city, screen, cases, options.now()) : null;
  if (!match || !view) {
    answer(
      response,
      404,
      'text/plain; charset=utf-8',
      `no counter page at ${path}: expected /counter/<screen>`,
    );
  } else if (match[2]) {
    answer(response, 200, 'application/json; charset=utf-8', JSON.stringify(view));
  } else {
    answer(response, 200, HTML, await readFile(new URL('counter.html', PAGE)));
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', reject);
  server.listen(port, host, () => {
    server.off('error', reject);
    const address = server.address();
    resolve(typeof address === 'object' && address ? address.port : port);
  });
  return promise;
}

/**
 * Serves `GET /counter/<screen>`, the page a counter's screen shows, and its state as JSON.
 * @throws Error when the address is taken (EADDRINUSE) or not this machine's
 */
export async function serveCounterPages(options: CounterPageOptions): Promise<CounterPages> {
  const server = createServer((request, response) => {
    respond(options, pathOf(request.url ?? '/'), response).catch((error: unknown) => {
      answer(
        response,
        500,
        'text/plain; charset=utf-8',
        error instanceof Error ? error.message : String(error),
      );
    });
  });
  const port = await listen(server, options.host, options.port);
  return {
    url: `http://${options.host}:${port}`,
    close: async () => {
      if (!server.listening) return;
      const { promise, resolve } = Promise.withResolvers<null>();
      server.close(() => resolve(null));
      server.closeAllConnections();
      await promise;
    },
  };
}
