/** The row that an INSERT … RETURNING gave back. @throws Error when it gave none */
export function onlyRow<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('an insertion gave no row back');
  return row;
}
