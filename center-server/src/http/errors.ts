import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { asProblem, PROBLEM_JSON, problemOf, ProblemError } from './problems.ts';

/** An address that nobody answers. */
export const noSuchAddress: RequestHandler = (request) => {
  throw new ProblemError('not-found', `there is no ${request.method} ${request.path}`);
};

/** The last handler: turns whatever was thrown into a problem document. Never shows a stack. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, request, response, next) => {
    let problem = asProblem(error);
    if (!problem) {
      const id = randomUUID();
      log.error({ err: error, id, method: request.method, path: request.path }, 'a request failed');
      problem = new ProblemError('internal', `the centre's log tells more under ${id}`);
    }
    if (response.headersSent) {
      next(error);
      return;
    }
    const document = problemOf(problem.kind, problem.message, problem.errors);
    if (problem.retryAfterSeconds !== undefined)
      response.setHeader('Retry-After', Math.ceil(problem.retryAfterSeconds));
    if (problem.kind === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(document.status).type(PROBLEM_JSON).send(JSON.stringify(document));
  };
}
