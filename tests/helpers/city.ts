import { cityPlanSchema } from '@mingjing/contracts';

const zone = { zone: 'Asia/Shanghai', calendar: 'cn' } as const;

/** A small city: two counties and a township, one of each thing in either county. */
export const SMALL_CITY = cityPlanSchema.parse({
  name: '小城',
  regions: [
    { code: '130600', name: '保定市', nameEn: 'Baoding', tier: 'city', parent: null, ...zone },
    { code: '130681', name: '涿州市', nameEn: 'Zhuozhou', tier: 'county', parent: '130600', ...zone },
    { code: '130682', name: '定州市', nameEn: 'Dingzhou', tier: 'county', parent: '130600', ...zone },
    {
      code: '130681100',
      name: '松林店镇',
      nameEn: 'Songlindian',
      tier: 'township',
      parent: '130681',
      ...zone,
    },
  ],
  departments: [
    { id: 'zz-housing', region: '130681', name: '涿州市住建局', nameEn: 'Zhuozhou Housing', kind: 'housing' },
    { id: 'dz-housing', region: '130682', name: '定州市住建局', nameEn: 'Dingzhou Housing', kind: 'housing' },
  ],
  halls: [
    { id: 'zz-hall', region: '130681', name: '涿州市政务大厅' },
    { id: 'dz-hall', region: '130682', name: '定州市政务大厅' },
  ],
  counters: [
    { id: 'zz-1', hall: 'zz-hall', department: 'zz-housing', name: '1 号窗口' },
    { id: 'dz-1', hall: 'dz-hall', department: 'dz-housing', name: '1 号窗口' },
  ],
  officers: [{ id: 'zz-officer', department: 'zz-housing', name: '王敏' }],
  matters: [
    {
      id: 'permit',
      name: '施工许可证核发',
      nameEn: 'Construction permit',
      departmentKind: 'housing',
      legal: { workingDays: 20 },
      legalBasis: '《行政许可法》第四十二条',
      promised: { workingDays: 10 },
      stages: ['受理', '审查', '决定'],
    },
  ],
  cameras: ['zz', 'dz'].map((at) => ({
    id: `${at}-camera`,
    name: `${at} 摄像机`,
    region: at === 'zz' ? '130681' : '130682',
    hall: `${at}-hall`,
    counter: `${at}-1`,
    source: { kind: 'rtsp', url: `rtsp://viewer:secret@${at}.example/1` },
  })),
  screens: ['zz', 'dz'].map((at) => ({
    id: `${at}-screen`,
    name: `${at} 屏幕`,
    region: at === 'zz' ? '130681' : '130682',
    hall: `${at}-hall`,
    counter: `${at}-1`,
    url: `http://${at}.example/`,
  })),
  users: [
    { username: 'admin', name: '陈立', role: 'administrator', region: '130600' },
    { username: 'inspector', name: '王敏', role: 'inspector', region: '130600' },
    { username: 'zz-admin', name: '刘振华', role: 'administrator', region: '130681' },
    { username: 'zz-inspector', name: '孟庆山', role: 'inspector', region: '130681' },
    { username: 'zz-clerk', name: '郭晓云', role: 'clerk', region: '130681' },
    { username: 'dz-inspector', name: '赵建国', role: 'inspector', region: '130682' },
  ],
  sources: [
    { id: 'media', name: '视频服务', kind: 'media', region: '130600', expectEverySeconds: 180 },
    { id: 'zz-approval', name: '涿州审批', kind: 'http-push', region: '130681', expectEverySeconds: 120 },
    { id: 'dz-approval', name: '定州审批', kind: 'http-push', region: '130682', expectEverySeconds: 0 },
  ],
});
