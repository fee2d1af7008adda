import type { Problem, ProblemKind } from '@mingjing/contracts';
import { z } from 'zod';
import { isDatabaseAway } from '../store/faults.ts';

export const PROBLEM_JSON = 'application/problem+json';

/** The one place where the error vocabulary meets HTTP. */
const HTTP: Record<ProblemKind, { status: number; title: string }> = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  forbidden: { status: 403, title: 'Not allowed' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'In conflict with what is there' },
  'too-large': { status: 413, title: 'Too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  busy: { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available now' },
  internal: { status: 500, title: 'Something failed inside the centre' },
};

/** What a handler throws when a request cannot be answered. Its message is shown to the client. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly kind: ProblemKind;
  readonly errors: { field: string; message: string }[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    kind: ProblemKind,
    detail: string,
    more: { errors?: { field: string; message: string }[]; retryAfterSeconds?: number } = {},
  ) {
    super(detail);
    this.kind = kind;
    this.errors = more.errors;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** The problem document (RFC 9457) of a kind. */
export function problemOf(kind: ProblemKind, detail?: string, errors?: Problem['errors']): Problem {
  return {
    type: `urn:mingjing:problem:${kind}`,
    title: HTTP[kind].title,
    status: HTTP[kind].status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  };
}

function fieldsOf(error: z.ZodError): { field: string; message: string }[] {
  return error.issues.flatMap((issue) => {
    const at = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ field: at.join('.'), message: issue.message }];
    return issue.keys.map((key) => ({ field: [...at, key].join('.'), message: 'is not a field known here' }));
  });
}

/** A schema's refusal as a problem that names each field. */
export function invalid(error: z.ZodError): ProblemError {
  const errors = fieldsOf(error);
  const first = errors[0];
  const detail = first ? [first.field, first.message].filter((part) => part !== '').join(': ') : 'invalid';
  return new ProblemError('invalid', detail, { errors });
}

/** Errors of the body parser and the URL decoder carry an HTTP status of their own. */
function fromStatus(error: Error): ProblemError | undefined {
  if (!('status' in error) || typeof error.status !== 'number') return undefined;
  if (error.status === 413) return new ProblemError('too-large', 'the body is larger than this route takes');
  if (error.status === 415) return new ProblemError('unsupported-media-type', error.message);
  if (error.status >= 400 && error.status < 500) return new ProblemError('invalid', error.message);
  return undefined;
}

/**
 * Reads any thrown value as a problem.
 * @returns undefined for what nobody expected: the client is told nothing of it but a number
 */
export function asProblem(error: unknown): ProblemError | undefined {
  if (error instanceof ProblemError) return error;
  if (error instanceof z.ZodError) return invalid(error);
  if (!(error instanceof Error)) return undefined;
  if ('retryAfterSeconds' in error && typeof error.retryAfterSeconds === 'number') {
    return new ProblemError('busy', error.message, { retryAfterSeconds: error.retryAfterSeconds });
  }
  if (isDatabaseAway(error)) {
    return new ProblemError('unavailable', 'the database does not answer; try again soon', {
      retryAfterSeconds: 5,
    });
  }
  // SQLSTATE class 53, insufficient resources: the disk is full, memory is out.
  if ('code' in error && /^53.{3}$/.test(String(error.code))) {
    const detail = 'the database has no room left; what was not answered for was not stored';
    return new ProblemError('unavailable', detail, { retryAfterSeconds: 30 });
  }
  return fromStatus(error);
}
