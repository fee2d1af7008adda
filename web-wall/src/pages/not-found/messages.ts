import { messages } from '../../i18n/messages.ts';

export default messages(
  { title: '没有这一页', text: '地址 {path} 不存在，可能已经改动或输错。', back: '回监察墙' },
  { title: 'No such page', text: 'There is nothing at {path}.', back: 'Back to the wall' },
);
