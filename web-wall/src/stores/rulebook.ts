import type { PublishedRuleset, RuleInfo, Ruleset, RulesetVersion } from '@mingjing/contracts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Ref, ShallowRef } from 'vue';
import { call } from '../api/client.ts';
import { toApiError } from '../api/errors.ts';
import { useSession } from './session.ts';

/** A ruleset as it is edited: its version is given when it is published. */
export type RulesetBody = Omit<Ruleset, 'version'>;

/** What an edit was, for the list of changes; its words are found under `rulebook.change`. */
export interface Change {
  what: 'rule' | 'ladder' | 'assignment' | 'limit' | 'version';
  name: string;
}

interface Step {
  body: RulesetBody;
  change: Change;
}

function bodyOf({ version: _, ...body }: Ruleset): RulesetBody {
  return body;
}

interface Draft {
  steps: Ref<Step[]>;
  base: Ref<number | null>;
  edit: (change: Change, make: (copy: RulesetBody) => void) => void;
  undo: () => void;
  discard: () => void;
  takeUp: (version: PublishedRuleset) => void;
}

/** A draft as its steps: made from what is the latest version when the first step is taken. */
function draftFrom(latest: ShallowRef<PublishedRuleset | null>): Draft {
  const steps = ref<Step[]>([]);
  /** The number of the version that the draft was made from: read anew, the latest may be another's. */
  const base = ref<number | null>(null);

  function add(step: Step): void {
    if (!latest.value) return;
    base.value ??= latest.value.version;
    steps.value = [...steps.value, step];
  }
  /** Makes one edit on a copy of the draft. */
  function edit(change: Change, make: (copy: RulesetBody) => void): void {
    const from = steps.value.at(-1)?.body ?? (latest.value && bodyOf(latest.value.body));
    if (!from) return;
    const copy = JSON.parse(JSON.stringify(from)) as RulesetBody;
    make(copy);
    add({ body: copy, change });
  }
  function undo(): void {
    steps.value = steps.value.slice(0, -1);
    if (steps.value.length === 0) base.value = null;
  }
  function discard(): void {
    [steps.value, base.value] = [[], null];
  }
  /** Takes an older version up into the draft: one step, which can be undone. */
  function takeUp(version: PublishedRuleset): void {
    add({ body: bodyOf(version.body), change: { what: 'version', name: String(version.version) } });
  }
  return { steps, base, edit, undo, discard, takeUp };
}

/**
 * The ruleset in force and the draft that is being made of it. Every edit is a step that can be undone; the draft
 * lives as long as the page is open and its maker is signed in, and nothing of it holds before it is published.
 * It is made from the latest version, also where that takes effect only later: what was decided is not lost.
 */
export const useRulebook = defineStore('rulebook', () => {
  const rules = shallowRef<RuleInfo[] | null>(null);
  const versions = shallowRef<RulesetVersion[] | null>(null);
  const inForce = shallowRef<PublishedRuleset | null>(null);
  const latest = shallowRef<PublishedRuleset | null>(null);
  const { steps, base, edit, undo, discard, takeUp } = draftFrom(latest);

  const body = computed<RulesetBody | null>(
    () => steps.value.at(-1)?.body ?? (inForce.value ? bodyOf(inForce.value.body) : null),
  );
  const changes = computed(() => steps.value.map(({ change }) => change));

  /** Reads the rules, the versions and the ruleset in force. @throws ApiError */
  async function load(): Promise<void> {
    const [infos, known] = await Promise.all([call('GET /api/rules', {}), call('GET /api/rulesets', {})]);
    rules.value = infos;
    versions.value = known;
    const current = known.find((version) => version.inForce);
    if (!current) return;
    const last = Math.max(...known.map(({ version }) => version));
    const read = (version: number): Promise<PublishedRuleset> =>
      call('GET /api/rulesets/:version', { params: { version } });
    const now = await read(current.version);
    latest.value = last === current.version ? now : await read(last);
    inForce.value = now;
  }

  /**
   * Publishes the draft on the version it was made from. Where another came between, the draft stays to be looked at,
   * and what is read anew is what the next one is made from.
   * @throws ApiError conflict when another came between
   */
  async function publish(note: string, effectiveFrom: string | null): Promise<void> {
    const draft = steps.value.at(-1);
    if (!draft || base.value === null) return;
    const from = effectiveFrom !== null && { effectiveFrom };
    try {
      await call('POST /api/rulesets', { body: { base: base.value, note, body: draft.body, ...from } });
    } catch (error) {
      if (toApiError(error).reason === 'conflict') await load();
      throw error;
    }
    discard();
    await load();
  }

  // What one administrator may read and has drafted is not for whoever signs in next on the same screen.
  const session = useSession();
  let owner = session.user?.username;
  watch(
    () => session.user?.username,
    (username) => {
      if (username === undefined || username === owner) return;
      owner = username;
      discard();
      [rules.value, versions.value, inForce.value, latest.value] = [null, null, null, null];
    },
    { flush: 'sync' },
  );

  return { rules, versions, inForce, body, changes, load, edit, undo, discard, takeUp, publish };
});
