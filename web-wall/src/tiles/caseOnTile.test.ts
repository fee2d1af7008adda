import { expect, test } from '@jest/globals';
import type { Alert, CaseDetail } from '@mingjing/contracts';
import { caseOnTile } from './caseOnTile.ts';

const alert = (id: number, kind: Alert['kind'], state: Alert['state'] = 'open'): Alert =>
  ({ id, kind, state }) as Alert;
const detailWith = (...alerts: Alert[]): CaseDetail =>
  ({
    caseNo: '1',
    matter: 'permit',
    matterName: '许可',
    matterNameEn: null,
    alerts,
  }) as unknown as CaseDetail;

test('a case says its gravest standing alert: red before yellow before the newest of the others', () => {
  const gravest = (...alerts: Alert[]): number | undefined => caseOnTile(detailWith(...alerts)).alert?.id;
  expect(gravest(alert(1, 'yellow'), alert(2, 'red'), alert(3, 'risk'))).toBe(2);
  expect(
    gravest(alert(1, 'red', 'rescinded'), alert(2, 'notice'), alert(3, 'risk'), alert(4, 'yellow')),
  ).toBe(4);
  expect(gravest(alert(1, 'risk'), alert(2, 'notice'))).toBe(2);
  expect(gravest(alert(1, 'red', 'closed'))).toBeUndefined();
});

test('a matter without a name of its own is called by its code', () => {
  expect(caseOnTile(detailWith())).toMatchObject({ matter: '许可', matterEn: 'permit', alert: null });
});
