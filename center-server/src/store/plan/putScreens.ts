import type { Screen } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** Brings the screens of a city plan in: new ones are added, known ones changed. */
export async function putScreens(db: Queryable, screens: Screen[]): Promise<void> {
  await db.query(
    `INSERT INTO screen (id, name, region, hall, counter, url)
     SELECT id, name, region, hall, counter, url
     FROM jsonb_to_recordset($1::jsonb) AS plan(id text, name text, region text, hall text, counter text, url text)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, region = excluded.region, hall = excluded.hall, counter = excluded.counter, url = excluded.url`,
    [JSON.stringify(screens)],
  );
}
