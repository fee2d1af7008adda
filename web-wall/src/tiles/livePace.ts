/** What became of one picture between two looks: how many frames came to this browser, and how many it showed. */
export interface Shown {
  came: number;
  shown: number;
}

/** How many pictures play at a time, and what was seen of late. All times are counted in looks. */
export interface Pace {
  limit: number;
  /** Looks in a row that told of strain, and of ease. */
  strained: number;
  easy: number;
  /** Looks to come that tell nothing: pictures have begun or ended. */
  settling: number;
  /** So many were too many; not tried again while `rest` lasts. Null: never, or long ago. */
  tooMany: number | null;
  rest: number;
  /** How long the next rest is: each is twice the one before. */
  nextRest: number;
}

/** Sub-streams of about 640 × 360 that one core decodes beside everything else a wall does: where it begins. */
const PER_CORE = 8;
const LEAST = 4;
const MOST = 64;
/** A picture stumbles when less than this share of what came is shown. */
const SMOOTH_SHARE = 0.85;
/** Fewer frames than this say nothing. */
const LEAST_FRAMES = 5;
/** One camera that stumbles is the camera's affair; a third of them is this machine's. */
const STRAINED_SHARE = 1 / 3;
const EASY_SHARE = 1 / 10;
const STRAINED_LOOKS = 2;
const EASY_LOOKS = 3;
const SETTLING_LOOKS = 2;
/** At a look every three seconds: five minutes, up to an hour and a half. */
const FIRST_REST = 100;
const LONGEST_REST = 1600;

/** Where a machine with so many cores begins: an estimate, until the pictures themselves have been looked at. */
export function beginPace(cores: number): Pace {
  const limit = Math.min(MOST, Math.max(LEAST, cores * PER_CORE));
  const calm = { strained: 0, easy: 0, settling: SETTLING_LOOKS };
  return { ...calm, limit, tooMany: null, rest: 0, nextRest: FIRST_REST };
}

/** The share of pictures that stumble; null when too little came to tell. */
function stumbling(pictures: readonly Shown[]): number | null {
  const moving = pictures.filter(({ came }) => came >= LEAST_FRAMES);
  if (moving.length < 2) return null;
  return moving.filter(({ came, shown }) => shown < came * SMOOTH_SHARE).length / moving.length;
}

/** A quarter of those that play ends; cameras that are off keep the places that they have. */
function lower(pace: Pace, playing: number, places: number): Pace {
  const limit = Math.max(LEAST, places - Math.ceil(playing / 4));
  return {
    ...{ limit, strained: 0, easy: 0, settling: SETTLING_LOOKS },
    ...{ tooMany: places, rest: pace.nextRest, nextRest: Math.min(LONGEST_REST, pace.nextRest * 2) },
  };
}

function raise(pace: Pace): Pace {
  const most = pace.tooMany === null ? MOST : pace.tooMany - 1;
  const limit = Math.min(most, pace.limit + Math.max(2, Math.floor(pace.limit / 4)));
  if (limit <= pace.limit) return pace;
  return { ...pace, limit, strained: 0, easy: 0, settling: SETTLING_LOOKS };
}

/**
 * Goes on by one look: fewer pictures as soon as many stumble twice in a row, more when none does for a while and
 * tiles wait. What was too many is not tried again for a long while, so that nothing flaps.
 * @param pictures those that play and are seen
 * @param tiles how many have a place to play, and how many want one and have none
 */
export function look(
  before: Pace,
  pictures: readonly Shown[],
  { places, waiting }: { places: number; waiting: number },
): Pace {
  const rest = Math.max(0, before.rest - 1);
  const pace = { ...before, rest, tooMany: rest === 0 ? null : before.tooMany };
  const share = stumbling(pictures);
  if (pace.settling > 0) return { ...pace, settling: pace.settling - 1 };
  if (share === null) return pace;
  const strained = share >= STRAINED_SHARE ? pace.strained + 1 : 0;
  const easy = share <= EASY_SHARE ? pace.easy + 1 : 0;
  const seen = { ...pace, strained, easy };
  if (strained >= STRAINED_LOOKS && places > LEAST) return lower(seen, pictures.length, places);
  return easy >= EASY_LOOKS && waiting > 0 ? raise(seen) : seen;
}
