import { messages } from '../../i18n/messages.ts';

export default messages({ title: '监察墙' }, { title: 'Wall' });
