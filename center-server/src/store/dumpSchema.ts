import pg from 'pg';

/**
 * The objects of our own schema, without what extensions own and without the migrations' book-keeping:
 * the same text from every server of the same kind.
 */
const OWN = `
  c.relnamespace = 'public'::regnamespace AND c.relname <> 'migration'
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')`;

const COLUMNS = `
  SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
         a.attidentity <> '' AS identity, pg_get_expr(d.adbin, d.adrelid) AS value
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p') AND ${OWN} ORDER BY 1, a.attnum`;

const CONSTRAINTS = `
  SELECT c.relname AS "table", k.conname AS name, pg_get_constraintdef(k.oid) AS definition
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
  WHERE k.contype <> 'n' AND ${OWN} ORDER BY 1, 2`;

const INDEXES = `
  SELECT pg_get_indexdef(i.indexrelid) AS definition FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE ${OWN} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid) ORDER BY 1`;

const FUNCTIONS = `
  SELECT pg_get_functiondef(p.oid) AS definition FROM pg_proc p
  WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY p.proname`;

const TRIGGERS = `
  SELECT pg_get_triggerdef(t.oid) AS definition FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  WHERE NOT t.tgisinternal AND t.tgname <> 'ts_insert_blocker' AND ${OWN} ORDER BY 1`;

interface ColumnRow {
  table: string;
  name: string;
  type: string;
  required: boolean;
  identity: boolean;
  value: string | null;
}

function columnLine({ name, type, required, identity, value }: ColumnRow): string {
  const parts = [`  ${name} ${type}`];
  if (required) parts.push('NOT NULL');
  if (identity) parts.push('GENERATED ALWAYS AS IDENTITY');
  if (value !== null) parts.push(`DEFAULT ${value}`);
  return parts.join(' ');
}

/** The schema of a database as text, for people to read and for CI to compare. */
export async function dumpSchema(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const columns = await client.query<ColumnRow>(COLUMNS);
    const constraints = await client.query<{ table: string; name: string; definition: string }>(CONSTRAINTS);
    const others = [];
    for (const query of [INDEXES, FUNCTIONS, TRIGGERS]) {
      others.push(
        (await client.query<{ definition: string }>(query)).rows.map((row) => `${row.definition.trim()};\n`),
      );
    }
    const tables = [...Map.groupBy(columns.rows, (row) => row.table)].map(([table, rows]) => {
      const rules = constraints.rows
        .filter((row) => row.table === table)
        .map((row) => `  CONSTRAINT ${row.name} ${row.definition}`);
      return `CREATE TABLE ${table} (\n${[...rows.map(columnLine), ...rules].join(',\n')}\n);\n`;
    });
    return [
      '-- The schema as the migrations leave it. Made by `mingjing migrate --dump`; do not edit.\n',
      ...tables,
      ...others.flat(),
    ].join('\n');
  } finally {
    await client.end();
  }
}
