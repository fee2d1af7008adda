import type { LayoutChoice } from '@mingjing/contracts';
import type { Queryable } from '../database.ts';

/** What a user of the wall page chose last; undefined when nothing. */
export async function getLayoutChoice(db: Queryable, userId: number): Promise<LayoutChoice | undefined> {
  const found = await db.query<{ choice: LayoutChoice }>(
    'SELECT choice FROM layout_choice WHERE user_id = $1',
    [userId],
  );
  return found.rows[0]?.choice;
}

export async function putLayoutChoice(db: Queryable, userId: number, choice: LayoutChoice): Promise<void> {
  await db.query(
    `INSERT INTO layout_choice (user_id, choice) VALUES ($1, $2)
     ON CONFLICT (user_id) DO UPDATE SET choice = excluded.choice`,
    [userId, JSON.stringify(choice)],
  );
}
