import type { PublishedRuleset, RuleInfo, Ruleset, RulesetVersion } from '@mingjing/contracts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { call } from '../api/client.ts';

/** A ruleset as it is edited: its version is given when it is published. */
export type RulesetBody = Omit<Ruleset, 'version'>;

/** What an edit was, for the list of changes; its words are found under `rulebook.change`. */
export interface Change {
  what: 'rule' | 'ladder' | 'assignment' | 'limit';
  name: string;
}

interface Step {
  body: RulesetBody;
  change: Change;
}

function bodyOf({ version: _, ...body }: Ruleset): RulesetBody {
  return body;
}

/**
 * The ruleset in force and the draft that is being made of it. Every edit is a step that can be undone; the draft
 * lives as long as the page is open, and nothing of it holds before it is published.
 */
export const useRulebook = defineStore('rulebook', () => {
  const rules = shallowRef<RuleInfo[] | null>(null);
  const versions = shallowRef<RulesetVersion[] | null>(null);
  const inForce = shallowRef<PublishedRuleset | null>(null);
  const steps = ref<Step[]>([]);

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
    if (current)
      inForce.value = await call('GET /api/rulesets/:version', { params: { version: current.version } });
  }

  /** Makes one edit on a copy of the draft. */
  function edit(change: Change, make: (copy: RulesetBody) => void): void {
    if (!body.value) return;
    const copy = structuredClone(JSON.parse(JSON.stringify(body.value)) as RulesetBody);
    make(copy);
    steps.value = [...steps.value, { body: copy, change }];
  }
  function undo(): void {
    steps.value = steps.value.slice(0, -1);
  }
  function discard(): void {
    steps.value = [];
  }
  /** Takes an older version up as a draft. */
  function takeUp(version: PublishedRuleset): void {
    steps.value = [{ body: bodyOf(version.body), change: { what: 'rule', name: `v${version.version}` } }];
  }

  /** Publishes the draft on the version it was made from. @throws ApiError conflict when another came between */
  async function publish(note: string, effectiveFrom: string | null): Promise<void> {
    if (!body.value || !inForce.value) return;
    const latest = Math.max(...(versions.value ?? []).map(({ version }) => version));
    await call('POST /api/rulesets', {
      body: { base: latest, note, body: body.value, ...(effectiveFrom !== null && { effectiveFrom }) },
    });
    discard();
    await load();
  }

  return { rules, versions, inForce, body, changes, load, edit, undo, discard, takeUp, publish };
});
