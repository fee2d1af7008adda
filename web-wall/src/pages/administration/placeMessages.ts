import { messages } from '../../i18n/messages.ts';

export default messages(
  {
    name: '名称',
    region: '地区',
    hall: '大厅',
    noHall: '不在大厅内',
    counter: '窗口标识',
    counterHint: '可不填',
  },
  {
    name: 'Name',
    region: 'Region',
    hall: 'Hall',
    noHall: 'In no hall',
    counter: 'Counter id',
    counterHint: 'Optional',
  },
);
