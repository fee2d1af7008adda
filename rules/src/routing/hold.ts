import { moment, wait, type Stage } from './view.ts';

/** 先看状态: what is over, or in somebody's hand, is nobody's to be told of. */
export const hold: Stage = (view) => {
  const { state, inHandUntil, at } = view;
  switch (state) {
    case 'closed':
    case 'rescinded':
      return wait(
        'hold',
        { name: 'ended', zh: '告警已结束，不再告知。', en: 'It is over: nobody is told.' },
        null,
      );
    case 'ordered':
    case 'answered':
      return wait(
        'hold',
        {
          name: 'ordered',
          zh: '已督办，由督办单的时限催办。',
          en: 'An order was issued: its own clock runs.',
        },
        null,
      );
    case 'acknowledged': {
      if (inHandUntil !== null && at >= inHandUntil) return null;
      const by = inHandUntil === null ? null : moment(view, inHandUntil);
      const reason = {
        name: 'acknowledged',
        zh: by ? `已确认，${by.zh} 前办结即可；逾期重新打开并升级。` : '已确认，有人在办。',
        en: by
          ? `Acknowledged: in hand until ${by.en}; unhandled then, it opens again and escalates.`
          : 'Acknowledged: somebody has it in hand.',
      };
      return wait('hold', reason, inHandUntil);
    }
    case 'open':
      return null;
  }
};
