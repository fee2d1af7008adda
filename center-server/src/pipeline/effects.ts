import type { CaseStatus } from '@mingjing/contracts';

/** A case that moved, by its ids; the live feed adds the names. */
export interface MovedCase {
  caseId: string;
  caseNo: string;
  region: string;
  department: string | null;
  matter: string | null;
  status: CaseStatus;
  stage: string | null;
  kind: string;
  at: number;
}

/** Where a camera or a screen stood before it was changed, removed or taken out of use. */
export interface FormerPlace {
  kind: 'camera' | 'screen';
  id: string;
  region: string;
}

/** What a committed step changed, by id: what the live feed must tell. */
export interface Effects {
  alerts: number[];
  cases: MovedCase[];
  cameras: string[];
  screens: string[];
  sources: string[];
  /** Scopes that held these and hold them no more are told so. */
  former: FormerPlace[];
  /** Something that figures count has changed. */
  figures: boolean;
}

export function noEffects(): Effects {
  return { alerts: [], cases: [], cameras: [], screens: [], sources: [], former: [], figures: false };
}

export function isEmpty(effects: Effects): boolean {
  const { figures, ...lists } = effects;
  return !figures && Object.values(lists).every((list) => list.length === 0);
}
