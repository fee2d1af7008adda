import { defaultRuleset } from '@mingjing/rules';

const { version: _version, ...ruleset } = defaultRuleset;
export const BACKTEST = {
  ...{ body: ruleset, region: '130682' },
  ...{ from: '2026-01-01T00:00:00+08:00', to: '2026-02-01T00:00:00+08:00' },
};
export const GRID = { columns: 1, rows: 1, tiles: [{ x: 0, y: 0, w: 1, h: 1, content: { kind: 'next' } }] };
const LAYOUT = { name: 'D1', region: '130682', grid: GRID };
const PATROL = {
  ...{ name: 'D1', region: '130682' },
  steps: [{ dwellSeconds: 9, show: { kind: 'cameras', cameras: ['dz-camera'] } }],
};
export const WALL = { name: 'D1', region: '130682', windows: [{ layout: null }] };

/** A body that passes each route's schema and means 定州市. */
export const bodies: Record<string, unknown> = {
  'post /api/alerts/:id/actions': { action: 'acknowledge' },
  'post /api/clips/:id/end': { reason: '期满' },
  'post /api/clips': { camera: 'dz-camera', from: 0, to: 1000, reason: '证' },
  'post /api/silences': {
    region: '130682',
    reason: '静',
    expiresAt: Date.parse('2026-11-24T09:00:00+08:00'),
  },
  'post /api/backtests': BACKTEST,
  'post /api/layouts': LAYOUT,
  'put /api/layouts/:id': { ...LAYOUT, revision: 1 },
  'put /api/layout-choice': { kind: 'auto' },
  'post /api/patrols': PATROL,
  'put /api/patrols/:id': { ...PATROL, revision: 1 },
  'post /api/walls': WALL,
  'put /api/walls/:id': { ...WALL, revision: 1 },
  'post /api/walls/:id/commands': { do: 'pause' },
  'post /api/walls/:id/tokens': { note: '左' },
  'patch /api/users/:id': { name: '改' },
  'patch /api/halls/:id': { hours: null },
  'patch /api/matters/:id': { legalBasis: '改' },
  'post /api/matters': {
    ...{ id: 'm', name: '新', nameEn: 'new', departmentKind: 'housing', legalBasis: '法' },
    ...{ legal: { workingDays: 20 }, promised: { workingDays: 10 }, stages: ['受理'] },
  },
  'post /api/rulesets': { base: 1, note: '改', body: { ...ruleset, rules: {} } },
  'post /api/calendars': {
    ...{ base: 0, note: '改', remove: [] },
    put: [{ region: '130682', date: '2026-07-01', working: false, name: '停工' }],
  },
  'post /api/users': { username: 'u', name: 'u', role: 'leader', region: '130682', password: '0123456789' },
  'post /api/sources': { id: 's', name: 's', kind: 'xes', region: '130682' },
  'post /api/admin/cameras': {
    ...{ id: 'c', name: 'c', region: '130682', hall: null, counter: null },
    source: { kind: 'rtsp', url: 'rtsp://x' },
  },
  'patch /api/admin/cameras/:id': { revision: 1, name: '改' },
  'post /api/admin/cameras/discovery': { region: '130682' },
  'patch /api/admin/screens/:id': { name: '改' },
  'post /api/screens/:id/unmask': { reason: '核对录入', minutes: 5 },
  'post /api/admin/screens': {
    id: 'c',
    name: 'c',
    region: '130682',
    hall: null,
    counter: null,
    url: 'http://x',
  },
};
