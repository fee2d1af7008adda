import { LineCounter, parseDocument, isMap, isScalar } from 'yaml';
import { z } from 'zod';

/** The sections of mingjing.yaml. Each is owned, checked and documented by one module. */
export const CONFIG_SECTIONS = ['centre', 'database', 'ingest', 'media', 'collectors', 'demo'] as const;
export type ConfigSection = (typeof CONFIG_SECTIONS)[number];

/** A configuration that cannot be used; the message names the file, the line, the key and what was expected. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

interface ConfigSource {
  /** The text of mingjing.yaml; empty when there is none. */
  text: string;
  /** What to call the file in messages. */
  file: string;
  /** The environment: MINGJING_<SECTION>_<KEY> overrides the file, e.g. MINGJING_CENTRE_PORT. */
  env: Record<string, string | undefined>;
}

function readYaml({ text, file }: ConfigSource) {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problem = document.errors[0];
  if (problem) throw new ConfigError(`${file}: ${problem.message}`);
  return { document, lines };
}

/** Where a key stands, for messages: "mingjing.yaml line 3". */
function placeOf(source: ConfigSource, section: string, key?: string): string {
  const { document, lines } = readYaml(source);
  const owner = key === undefined ? document.contents : document.get(section);
  const wanted = key ?? section;
  const pair = isMap(owner)
    ? owner.items.find((item) => isScalar(item.key) && item.key.value === wanted)
    : undefined;
  const range = pair && isScalar(pair.key) ? pair.key.range : undefined;
  return range ? `${source.file} line ${lines.linePos(range[0]).line}` : source.file;
}

/** MINGJING_CENTRE_PUBLIC_URL → publicUrl */
function environmentKey(section: string, name: string): string | undefined {
  const prefix = `MINGJING_${section.toUpperCase()}_`;
  if (!name.startsWith(prefix)) return undefined;
  return name
    .slice(prefix.length)
    .toLowerCase()
    .replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function fileSection(source: ConfigSource, section: ConfigSection): Record<string, unknown> {
  const whole: unknown = readYaml(source).document.toJS() ?? {};
  const known = z.record(z.string(), z.unknown()).safeParse(whole);
  if (!known.success)
    throw new ConfigError(`${source.file}: expected sections (${CONFIG_SECTIONS.join(', ')})`);
  for (const name of Object.keys(known.data)) {
    if (!(CONFIG_SECTIONS as readonly string[]).includes(name)) {
      throw new ConfigError(
        `${placeOf(source, name)}: unknown section "${name}"; expected one of ${CONFIG_SECTIONS.join(', ')}`,
      );
    }
  }
  return z.record(z.string(), z.unknown()).parse(known.data[section] ?? {});
}

/**
 * Reads one section of the configuration: the file, overridden by the environment.
 * Numbers and booleans in the environment are written as text; the schema coerces them.
 * @param schema a strict object schema, owned by the module that owns the section
 * @throws ConfigError at the first unknown key or wrong value, naming where it stands
 */
export function readSection<T extends z.ZodObject>(
  source: ConfigSource,
  section: ConfigSection,
  schema: T,
): z.infer<T> {
  const values = fileSection(source, section);
  const fromEnvironment = new Set<string>();
  for (const [name, value] of Object.entries(source.env)) {
    const key = environmentKey(section, name);
    if (key === undefined || value === undefined) continue;
    values[key] = value;
    fromEnvironment.add(key);
  }
  const parsed = schema.strict().safeParse(values);
  if (parsed.success) return parsed.data as z.infer<T>;
  // A mistyped key is unknown and leaves the right one missing: the mistake is what to tell.
  const { issues } = parsed.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const key = issue?.code === 'unrecognized_keys' ? issue.keys[0] : String(issue?.path[0] ?? '');
  const where = fromEnvironment.has(key ?? '') ? 'the environment' : placeOf(source, section, key);
  const known = Object.keys(schema.shape).join(', ');
  const what = issue?.code === 'unrecognized_keys' ? `unknown key; expected one of ${known}` : issue?.message;
  throw new ConfigError(`${where}: ${section}.${key}: ${what}`);
}
