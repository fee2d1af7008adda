import { safeParse } from 'zod/v4/core';
import type { z } from 'zod';

type Test = (value: unknown) => boolean;
type Shape = Readonly<Record<string, z.core.$ZodType>>;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One check on a text; undefined for one that only zod can do. */
function textTest(check: z.core.$ZodChecks): ((text: string) => boolean) | undefined {
  const { def } = check._zod;
  if (def.check === 'min_length') return (text) => text.length >= def.minimum;
  if (def.check === 'max_length') return (text) => text.length <= def.maximum;
  if (def.check === 'string_format' && def.format === 'regex') {
    const { pattern } = def as z.core.$ZodCheckRegexDef;
    return (text) => text.search(pattern) >= 0;
  }
  if ((def as { check: string }).check !== 'custom') return undefined;
  const { fn } = def as unknown as { fn?: (text: string) => unknown };
  return fn && ((text) => Boolean(fn(text)));
}

function textOf(def: z.core.$ZodStringDef): Test | undefined {
  const tests = (def.checks ?? []).map((check) => textTest(check as z.core.$ZodChecks));
  if (def.coerce === true || 'format' in def || tests.includes(undefined)) return undefined;
  return (value) => typeof value === 'string' && tests.every((test) => test?.(value));
}

function objectOf({ shape, catchall }: z.core.$ZodObjectDef): Test | undefined {
  const more = catchall && (catchall as z.core.$ZodTypes)._zod.def.type;
  if (more !== undefined && more !== 'unknown' && more !== 'never') return undefined;
  const tests = new Map(Object.entries(shape as Shape).map(([key, field]) => [key, acceptsSurely(field)]));
  const absent = [...tests].filter(([, test]) => !test(undefined)).map(([key]) => key);
  return (value) => {
    if (!isObject(value)) return false;
    for (const key in value) {
      const test = tests.get(key);
      if (test ? !test(value[key]) : more === 'never') return false;
    }
    for (const key of absent) if (value[key] === undefined) return false;
    return true;
  };
}

/** Any data at all; what could confuse who looks at prototypes is left to zod. */
const isPlain: Test = (value) =>
  isObject(value) && !Object.hasOwn(value, '__proto__') && !Object.hasOwn(value, 'constructor');

function planOf(def: z.core.$ZodTypes['_zod']['def']): Test | undefined {
  if (def.type === 'string') return textOf(def);
  if (def.checks && def.checks.length > 0) return undefined;
  switch (def.type) {
    case 'object':
      return objectOf(def);
    case 'optional': {
      const inner = acceptsSurely(def.innerType);
      return (value) => value === undefined || inner(value);
    }
    case 'union': {
      const options = def.options.map(acceptsSurely);
      return (value) => options.some((option) => option(value));
    }
    case 'enum': {
      const entries = new Set<unknown>(Object.values(def.entries));
      return (value) => entries.has(value);
    }
    case 'literal':
      return (value) => (def.values as unknown[]).includes(value);
    case 'record': {
      const of = (inner: z.core.$ZodType) => (inner as z.core.$ZodTypes)._zod.def;
      const anything = of(def.keyType).type === 'string' && of(def.valueType).type === 'unknown';
      return anything && !of(def.keyType).checks?.length ? isPlain : undefined;
    }
    default:
      return undefined;
  }
}

/**
 * A plain function for the hot path, made from a schema once: what it accepts, zod accepts too, several
 * times slower. Of what it does not accept only zod can tell whether and why it is wrong.
 */
export function acceptsSurely(schema: z.core.$ZodType): Test {
  const plan = planOf((schema as z.core.$ZodTypes)._zod.def);
  return plan ?? ((value) => safeParse(schema, value).success);
}
