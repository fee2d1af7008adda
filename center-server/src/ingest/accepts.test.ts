import { expect, test } from '@jest/globals';
import { envelopeSchema, observationSchemas } from '@mingjing/contracts';
import fc from 'fast-check';
import { z } from 'zod';
import { acceptsSurely } from './accepts.ts';

const LEAVES: unknown[] = [
  ...['', '初审', '130681', '130681100', 'case.decided', 'granted', 'counter', '1.0', 'x'.repeat(257)],
  ...['2026-11-22T09:41:07+08:00', '2026-02-30T00:00:00Z', 'application/json', 'a\u0000b', '\ud800'],
  ...['0a'.repeat(32), 0, -1, 1.5, 5, 1e6, 1e300, true, null, undefined, [], {}, { a: [1] }],
];
const leaf = fc.oneof(fc.constantFrom(...LEAVES), fc.string());
const NAMES = [...Object.values(observationSchemas), envelopeSchema].flatMap(({ shape }) =>
  Object.keys(shape),
);
const name = fc.constantFrom(...NAMES, '__proto__', 'constructor', 'toString', 'budget', 'workingDays');
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.dictionary(name, tie('value')), fc.array(leaf)),
})).value;

/** What an object's schema has room for, and now and then a field more. */
function nearlyObject({ shape }: z.ZodObject<Record<string, z.ZodType>>): fc.Arbitrary<unknown> {
  const fields = Object.entries(shape);
  const requiredKeys = fields.flatMap(([field, inner]) => (inner instanceof z.ZodOptional ? [] : [field]));
  const right = fc.record(Object.fromEntries(fields.map(([field, inner]) => [field, nearly(inner)])), {
    requiredKeys,
  });
  const more = fc.dictionary(name, leaf, { maxKeys: 1 });
  return fc.oneof(
    right,
    fc.tuple(right, more).map((both) => Object.assign({}, ...both) as unknown),
  );
}

/** What a schema accepts, but for a part that is now and then spoilt. */
function nearly(schema: z.ZodType): fc.Arbitrary<unknown> {
  const right = () => {
    if (schema instanceof z.ZodOptional)
      return fc.option(nearly(schema.unwrap() as z.ZodType), { nil: undefined });
    if (schema instanceof z.ZodObject) return nearlyObject(schema);
    if (schema instanceof z.ZodUnion)
      return fc.oneof(...schema.options.map((one) => nearly(one as z.ZodType)));
    if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
    return fc.constantFrom(...LEAVES.filter((value) => schema.safeParse(value).success));
  };
  return fc.oneof({ weight: 30, arbitrary: right() }, { weight: 1, arbitrary: anything });
}

const SCHEMAS: [string, z.ZodType][] = [
  ...Object.entries(observationSchemas),
  ['the envelope', envelopeSchema],
];

test.each(SCHEMAS)('%s: what is surely accepted, zod accepts, and the other way round', (_, schema) => {
  const accepts = acceptsSurely(schema);
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(nearly(schema), anything), (value) => {
      const { success } = schema.safeParse(value);
      // What looks like a prototype is left to zod; nothing else that it accepts needs a second look.
      if (accepts(value) || !/__proto__|constructor/.test(JSON.stringify([value])))
        expect(accepts(value)).toBe(success);
      if (success) accepted += 1;
    }),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(40);
});

test('a check that only zod can do is left to zod', () => {
  const even = z.object({
    n: z.number().refine((n) => n % 2 === 0),
    at: z.iso.date(),
    l: z.array(z.int()).min(1),
  });
  const accepts = acceptsSurely(even);
  expect(accepts({ n: 2, at: '2026-11-22', l: [1] })).toBe(true);
  for (const wrong of [{ n: 1 }, { at: '2026-02-30' }, { l: [] }, { l: ['1'] }])
    expect(accepts({ n: 2, at: '2026-11-22', l: [1], ...wrong })).toBe(false);
  expect(acceptsSurely(z.object({ a: z.string() }).refine(({ a }) => a === 'b'))({ a: 'a' })).toBe(false);
});
