import { calendarDraftSchema } from '@mingjing/contracts';
import { calendarBook, publishCalendar, readCalendars } from '../../administer/calendars.ts';
import { calendarYear } from '../../administer/calendarYear.ts';
import { officeOf } from '../../administer/office.ts';
import { calendarAnswerSchema, calendarYearSchema } from '../../openapi/rulebookSchemas.ts';
import { inTransaction } from '../../store/database.ts';
import { regionQuery, yearParams } from '../params.ts';
import { ADMINISTRATORS, EVERYBODY, forRoles, type Route } from '../route.ts';

const tag = 'Rulebook';

export const calendarRoutes: Route[] = [
  forRoles(EVERYBODY, {
    ...{ method: 'get', path: '/api/calendars', tag },
    summary: 'The days entered on top of the national calendar, and who published them when.',
    success: { status: 200, schema: calendarAnswerSchema },
    handle: async ({ deps, caller }) =>
      readCalendars(deps.pool, await officeOf(deps.pool, caller.viewer, deps.now())),
  }),
  forRoles(EVERYBODY, {
    ...{ method: 'get', path: '/api/calendars/:year', tag },
    summary: 'A year of a region’s working calendar, day by day.',
    params: yearParams,
    query: regionQuery,
    success: { status: 200, schema: calendarYearSchema },
    handle: async ({ deps, caller, params, query }) =>
      calendarYear(await calendarBook(deps.pool), query.region ?? caller.viewer.region, params.year),
  }),
  forRoles(ADMINISTRATORS, {
    ...{ method: 'post', path: '/api/calendars', tag },
    summary:
      'Enter or take out days of the working calendar; clocks that touch them are counted anew. A county may change its own days only.',
    body: calendarDraftSchema,
    success: { status: 201, schema: calendarAnswerSchema },
    async handle({ deps, caller, body }) {
      const office = await officeOf(deps.pool, caller.viewer, deps.now());
      const published = await inTransaction(deps.pool, (client) => publishCalendar(client, office, body));
      await deps.rules.reload();
      return published;
    },
  }),
];
