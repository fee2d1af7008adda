import { z } from 'zod';
import { regionCodeSchema } from './region.ts';
import { nameSchema } from './text.ts';
import { localDateSchema } from './time.ts';

/** One day that is otherwise than the national calendar says: in a region and all below, or everywhere. */
export const calendarDaySchema = z.strictObject({
  /** Where; without it, everywhere. For one date the longest region wins. */
  region: regionCodeSchema.optional(),
  date: localDateSchema,
  working: z.boolean(),
  /** 春节, 防汛停工: why. */
  name: nameSchema,
});
export type CalendarDay = z.infer<typeof calendarDaySchema>;

/**
 * 工作日历: what is entered on top of the national calendar that comes with the program. Versioned; a card
 * keeps the version it was counted with.
 */
export const calendarBookSchema = z.strictObject({
  version: z.int().min(0),
  /** Years whose State Council notice is entered here: their deadlines are no longer provisional. */
  notices: z.array(z.int().min(1970).max(2199)),
  days: z.array(calendarDaySchema).max(50_000),
});
export type CalendarBook = z.infer<typeof calendarBookSchema>;
