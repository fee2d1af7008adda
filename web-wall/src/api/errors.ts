import type { Problem } from '@mingjing/contracts';

/** What went wrong with a call, as the interface words it: a key of the `error` messages. */
export type ErrorReason =
  | 'offline'
  | 'invalid'
  | 'credentials'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'busy'
  | 'unavailable'
  | 'internal';

const BY_STATUS: Record<number, ErrorReason> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  415: 'invalid',
  422: 'invalid',
  429: 'busy',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** A call that failed. `reason` names the sentence to show; `problem` is what the centre said (RFC 9457), if it answered. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly reason: ErrorReason;
  readonly problem: Problem | null;

  constructor(reason: ErrorReason, message: string, problem: Problem | null = null) {
    super(message);
    this.reason = reason;
    this.problem = problem;
  }
}

/** The error of an HTTP answer that is not 2xx. */
export function errorOfAnswer(status: number, problem: Problem | null): ApiError {
  const reason = BY_STATUS[status] ?? 'internal';
  return new ApiError(reason, problem?.detail ?? problem?.title ?? `the centre answered ${status}`, problem);
}

/** Whatever was thrown, as an ApiError: the interface shows only those. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError('internal', thrown instanceof Error ? thrown.message : String(thrown));
}
