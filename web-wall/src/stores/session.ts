import type { Region, Session, SignIn } from '@mingjing/contracts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { call } from '../api/client.ts';
import { toApiError, ApiError } from '../api/errors.ts';

/** Who is signed in, and which regions they may see. */
export const useSession = defineStore('session', () => {
  const session = shallowRef<Session | null>(null);
  const regions = shallowRef<Region[]>([]);
  const asked = ref(false);
  const user = computed(() => session.value?.user ?? null);

  async function begin(next: Session): Promise<void> {
    regions.value = await call('GET /api/regions', {});
    session.value = next;
    asked.value = true;
  }

  /** Asks the centre once whether the browser's cookie still holds. @throws ApiError unless it is just signed out */
  async function restore(): Promise<void> {
    if (asked.value) return;
    try {
      await begin(await call('GET /api/session', {}));
    } catch (error) {
      if (toApiError(error).reason !== 'unauthenticated') throw error;
      asked.value = true;
    }
  }

  /** @throws ApiError with reason `credentials` when the name or password is wrong */
  async function signIn(credentials: SignIn): Promise<void> {
    try {
      await begin(await call('POST /api/session', { body: credentials }));
    } catch (error) {
      const known = toApiError(error);
      if (known.reason === 'unauthenticated') throw new ApiError('credentials', known.message, known.problem);
      throw known;
    }
  }

  /** Opens the session of a wall that runs by itself. @throws ApiError `unauthenticated` for a token that does not hold */
  async function enterWall(token: string): Promise<void> {
    await begin(await call('POST /api/walls/session', { body: { token } }));
  }

  /** Forgets the session here, without asking the centre: it has ended already. */
  function forget(): void {
    session.value = null;
    regions.value = [];
  }

  /** @throws ApiError when the centre could not be told; the session then still stands there */
  async function signOut(): Promise<void> {
    await call('DELETE /api/session', {});
    forget();
  }

  /** The region of a code, if it lies in the user's scope. */
  function regionOf(code: string): Region | null {
    return regions.value.find((region) => region.code === code) ?? null;
  }

  return { session, user, regions, restore, signIn, enterWall, signOut, forget, regionOf };
});
