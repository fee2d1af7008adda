import type { Viewing } from '@mingjing/contracts';

const ANSWER_WITHIN_MS = 10_000;

/**
 * Hands viewings to the centre.
 * @param token of the source `media`
 * @throws Error when it did not take them
 */
export async function tellCentre(
  { centreUrl, token }: { centreUrl: string; token: string },
  viewings: readonly Viewing[],
): Promise<void> {
  const answer = await fetch(new URL('/api/service/viewings', centreUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(viewings),
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`POST /api/service/viewings answered HTTP ${answer.status}`);
}
