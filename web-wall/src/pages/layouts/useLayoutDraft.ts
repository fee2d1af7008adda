import { newLayoutSchema } from '@mingjing/contracts';
import type { Grid, Layout, NewLayout, Role } from '@mingjing/contracts';
import { computed, ref, shallowRef } from 'vue';
import type { ComputedRef, Ref, ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { call } from '../../api/client.ts';
import { useForm } from '../../app/useForm.ts';
import { presetOf } from '../../layouts/presets.ts';

interface LayoutDraft {
  /** The kept layout in the editor; null: a new one. */
  opened: ShallowRef<Layout | null>;
  grid: ShallowRef<Grid>;
  name: Ref<string>;
  roles: Ref<Role[]>;
  /** Another layout in the editor: its steps begin anew. */
  round: Ref<number>;
  /** It differs from what was opened or saved last. */
  changed: ComputedRef<boolean>;
  /** It was saved, and not changed since. */
  saved: ComputedRef<boolean>;
  errors: Ref<Record<string, string>>;
  failure: Ref<string | null>;
  working: Ref<boolean>;
  begin: (next: Grid, as?: { layout?: Layout; name?: string; roles?: readonly Role[] }) => void;
  /** @returns whether the centre took it */
  save: (asNew: boolean) => Promise<boolean>;
}

/** A layout that is being arranged, and whether it is kept. @param region where a new one is kept */
export function useLayoutDraft(region: () => string): LayoutDraft {
  const { t } = useI18n();
  const opened = shallowRef<Layout | null>(null);
  const grid = shallowRef<Grid>(presetOf(4));
  const name = ref('');
  const roles = ref<Role[]>([]);
  const round = ref(0);
  const kept = ref(false);
  let target: Layout | null = null;
  const marked = (): string => JSON.stringify([name.value.trim(), [...roles.value].sort(), grid.value]);
  const mark = ref(marked());
  const changed = computed(() => marked() !== mark.value);

  const send = async (body: NewLayout): Promise<void> => {
    opened.value = target
      ? await call('PUT /api/layouts/:id', {
          params: { id: target.id },
          body: { ...body, region: target.region, revision: target.revision },
        })
      : await call('POST /api/layouts', { body });
  };
  const { errors, failure, working, submit } = useForm(newLayoutSchema, send, {
    conflict: t('layouts.newer'),
  });

  function begin(next: Grid, as: { layout?: Layout; name?: string; roles?: readonly Role[] } = {}): void {
    opened.value = as.layout ?? null;
    grid.value = next;
    name.value = as.layout?.name ?? as.name ?? '';
    roles.value = [...(as.layout?.sharedWith?.roles ?? as.roles ?? [])];
    mark.value = marked();
    kept.value = false;
    errors.value = {};
    failure.value = null;
    round.value += 1;
  }
  async function save(asNew: boolean): Promise<boolean> {
    target = asNew ? null : opened.value;
    const sharedWith = roles.value.length > 0 ? { roles: roles.value } : null;
    const sent = marked();
    if (!(await submit({ name: name.value.trim(), region: region(), grid: grid.value, sharedWith })))
      return false;
    mark.value = sent;
    kept.value = true;
    return true;
  }
  const saved = computed(() => kept.value && !changed.value);
  return { opened, grid, name, roles, round, changed, saved, errors, failure, working, begin, save };
}
