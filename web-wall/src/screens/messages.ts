import { messages } from '../i18n/messages.ts';

export default messages(
  {
    ask: '申请查看未遮盖画面',
    reason: '理由（写入审计，本地区都能看到）',
    minutes: '分钟（最多 30）',
    reasonHint: '至少 4 个字',
    conflict: '您已申请查看此屏。',
    running: '{by} 正被授权查看未遮盖画面，至 {until}',
    waiting: '{by} 申请查看未遮盖画面，待第二人同意',
    approve: '同意',
    end: '结束查看',
    view: '查看未遮盖画面',
    viewTitle: '未遮盖画面：每次查看均已记入审计',
    none: '未遮盖画面尚未到达，或查看已结束。',
    denied: '未授权查看未遮盖画面',
  },
  {
    ask: 'Ask to see it unmasked',
    reason: 'Reason (audited, shown to everybody of the region)',
    minutes: 'Minutes (at most 30)',
    reasonHint: 'At least 4 characters',
    conflict: 'You have asked to see this screen already.',
    running: '{by} may see this screen unmasked until {until}',
    waiting: '{by} asks to see this screen unmasked; a second person has to agree',
    approve: 'Agree',
    end: 'End it',
    view: 'See it unmasked',
    viewTitle: 'Unmasked: every reading is audited',
    none: 'No unmasked picture has come yet, or it is over.',
    denied: 'You may not see this screen unmasked',
  },
);
