import type { CaseDetail, WallCase } from '@mingjing/contracts';

/** A red card before a yellow one before all else, the newest first: as the centre chooses for a wall. */
const GRAVE = ['red', 'yellow'] as const;

/** What a tile says of a case that was read whole. */
export function caseOnTile(detail: CaseDetail): WallCase {
  const { caseId, caseNo, region, regionName, department, status, stage, acceptedAt } = detail;
  const standing = detail.alerts
    .filter(({ state }) => state !== 'closed' && state !== 'rescinded')
    .sort((one, other) => other.id - one.id);
  const gravest = GRAVE.flatMap((kind) => standing.find((alert) => alert.kind === kind) ?? [])[0];
  return {
    ...{ caseId, caseNo, region, regionName, department, status, stage, acceptedAt },
    matter: detail.matterName ?? detail.matter,
    matterEn: detail.matterNameEn ?? detail.matter,
    alert: gravest ?? standing[0] ?? null,
  };
}
