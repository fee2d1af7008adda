import type { Problem } from '@mingjing/contracts';
import { ApiError, errorOfAnswer } from './errors.ts';
import type { ApiRoute, ApiRoutes, Query } from './routes.ts';

/** What a call needs besides its route: exactly the fields its line in ApiRoutes has. */
export type CallInput<R extends ApiRoute> = Omit<ApiRoutes[R], 'answer'> & { signal?: AbortSignal };

interface LooseInput {
  params?: Record<string, string | number>;
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/** `GET /api/alerts/:id` with its parameters and query, as [method, url]. */
export function addressOf(route: string, { params = {}, query = {} }: LooseInput): [string, string] {
  const [method = 'GET', path = ''] = route.split(' ');
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const item of Array.isArray(value) ? (value as readonly string[]) : [String(value)])
      search.append(key, item);
  }
  return [method, search.size > 0 ? `${filled}?${search.toString()}` : filled];
}

async function readProblem(response: Response): Promise<Problem | null> {
  if (!response.headers.get('content-type')?.includes('json')) return null;
  return (await response.json()) as Problem;
}

async function send(method: string, url: string, { body, signal }: LooseInput): Promise<Response> {
  const options: RequestInit = {
    method,
    credentials: 'same-origin',
    headers: { accept: 'application/json' },
  };
  if (signal) options.signal = signal;
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { accept: 'application/json', 'content-type': 'application/json' };
  }
  try {
    return await fetch(url, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(
      'offline',
      `${method} ${url}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

const signedOutListeners = new Set<() => void>();

/** Calls `listener` whenever the centre answers that nobody is signed in. Returns the way to stop. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/**
 * Calls the centre.
 * @param route a line of ApiRoutes
 * @throws ApiError when the centre cannot be reached or answers with a problem; AbortError when aborted
 */
export async function call<R extends ApiRoute>(
  route: R,
  input: CallInput<R>,
): Promise<ApiRoutes[R]['answer']> {
  const [method, url] = addressOf(route, input);
  const response = await send(method, url, input);
  if (response.ok) return (response.status === 204 ? null : await response.json()) as ApiRoutes[R]['answer'];
  const error = errorOfAnswer(response.status, await readProblem(response));
  if (error.reason === 'unauthenticated' && !url.startsWith('/api/session')) {
    for (const listener of signedOutListeners) listener();
  }
  throw error;
}
