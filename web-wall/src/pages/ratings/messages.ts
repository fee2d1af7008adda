import { messages } from '../../i18n/messages.ts';

export default messages(
  {
    title: '评价',
    total: '共 {count} 条',
    level: '评级',
    levels: { '5': '非常满意', '4': '满意', '3': '基本满意', '2': '不满意', '1': '非常不满意' },
    caption: '评价列表，新收到的在前',
    column: {
      at: '时间',
      level: '评级',
      case: '办件',
      department: '部门',
      counter: '窗口',
      officer: '经办',
      comment: '留言',
    },
    noCase: '未对应办件',
    empty: '这个地区还没有评价。',
    emptyFiltered: '没有符合筛选条件的评价。',
  },
  {
    title: 'Ratings',
    total: '{count} ratings',
    level: 'Rating',
    levels: {
      '5': 'Very satisfied',
      '4': 'Satisfied',
      '3': 'Fairly satisfied',
      '2': 'Dissatisfied',
      '1': 'Very dissatisfied',
    },
    caption: 'Ratings, those received last first',
    column: {
      at: 'Time',
      level: 'Rating',
      case: 'Case',
      department: 'Department',
      counter: 'Counter',
      officer: 'Officer',
      comment: 'Comment',
    },
    noCase: 'no case',
    empty: 'This region has no ratings yet.',
    emptyFiltered: 'No rating matches these filters.',
  },
);
