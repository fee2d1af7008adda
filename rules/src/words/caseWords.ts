import type { Rung, Sentence } from '@mingjing/contracts';
import type { CaseInput } from '../model.ts';

export const RUNG_WORDS: Record<Rung, Sentence> = {
  notice: { zh: '预警', en: 'notice' },
  yellow: { zh: '黄牌', en: 'yellow card' },
  red: { zh: '红牌', en: 'red card' },
};

/** What a case is about, as titles name it: its matter, else its own title, else its number. */
function subjectOf({ state, matter }: CaseInput): Sentence {
  const own = state.title ?? state.matter ?? state.caseNo;
  return { zh: matter?.name ?? own, en: matter?.nameEn ?? own };
}

/**
 * The title of an alert on a case: 住建局“建筑工程施工许可”逾期未办结.
 * @param what what happened, put behind the matter
 */
export function caseTitle(input: CaseInput, what: Sentence): Sentence {
  const subject = subjectOf(input);
  const who = input.departmentName ?? { zh: input.region.name, en: input.region.nameEn };
  return { zh: `${who.zh}“${subject.zh}”${what.zh}`, en: `${who.en}, “${subject.en}”: ${what.en}` };
}

/** What an officer is called in sentences. */
export function personName({ nameOf }: CaseInput, officer: string): string {
  return nameOf?.(officer) ?? officer;
}

/** Who did something, put behind a sentence: ，批准 王敏; nothing where nobody is named. */
export function doneBy(input: CaseInput, officer: string | null, did: Sentence): Sentence {
  if (officer === null) return { zh: '', en: '' };
  const name = personName(input, officer);
  return { zh: `，${did.zh} ${name}`, en: `, ${did.en} ${name}` };
}
