/**
 * Every kind of bad case that the play contains, with what makes it bad. The marker stays in the
 * generator: nothing in the posted events tells a bad case from a good one but what happened in it.
 */
const BAD_STORIES = {
  'overdue-closed': '逾期办结: decided after the promised limit',
  'overdue-open': '逾期未办: past its limit and still open',
  nearing: '临期: decided in the last tenth of its limit',
  'suspended-before-due': '临期停表: the clock is stopped just before it is due',
  'suspension-over-limit': '停表超限: a special procedure takes longer than its own limit',
  'backdated-acceptance': '倒签受理: accepted before it was submitted',
  'step-in-seconds': '秒办环节: a stage is completed seconds after it was started',
  'step-skipped': '跳过环节: a stage of the lawful path never happens',
  'step-out-of-order': '环节倒序: two stages happen in the wrong order',
  'same-officer': '受理决定同一人: one officer both accepts and decides',
  'refused-without-reason': '无理由不予许可: refused, and no reason given',
  'decided-outside-hall': '体外办理: decided without the case’s barcode ever being scanned in the hall',
  'off-hours': '非工作时间办理: a stage is handled late in the evening',
  'extension-without-approver': '擅自延期: extended, and nobody approved it',
  'late-event': '迟报: an event arrives hours after it happened',
  duplicate: '重报: an event arrives twice',
  corrected: '更正: an event is taken back and given its true time',
  'bad-rating': '差评: rated 1 or 2',
  complaint: '投诉: a complaint is filed',
} as const;

export type BadStory = keyof typeof BAD_STORIES;
/** `source-silent` marks events held back while their source system is silent; `heartbeat` belongs to no case. */
export type Story = 'good' | BadStory | 'source-silent' | 'heartbeat';

export const BAD_STORY_NAMES = Object.keys(BAD_STORIES) as BadStory[];

/** How many bad cases a played day has. Each kind comes round every ⌈kinds ÷ this⌉ days. */
const BAD_PER_DAY = 7;

/**
 * The bad cases of the n-th working day (any consecutive numbering): the deck is dealt round and round, so that
 * within any three days in a row each kind occurs, instead of perhaps.
 */
export function badStoriesOfDay(day: number): BadStory[] {
  return Array.from({ length: BAD_PER_DAY }, (_, at) => deal(day * BAD_PER_DAY + at));
}

/** The n-th card of the endless deck. */
export function deal(n: number): BadStory {
  const story = BAD_STORY_NAMES[n % BAD_STORY_NAMES.length];
  if (story === undefined) throw new RangeError(`no story ${n}: expected a whole number from 0`);
  return story;
}
