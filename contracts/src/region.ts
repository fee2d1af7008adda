import { z } from 'zod';

/** 层级. The tier of a region; data, never a branch in the code. */
export const tierSchema = z.enum(['city', 'county', 'township']);
export type Tier = z.infer<typeof tierSchema>;

/** 地区代码: a GB/T 2260 division code of 6 digits, or 9 digits for a township (GB/T 10114). */
export const regionCodeSchema = z
  .string()
  .regex(/^\d{6}(\d{3})?$/, 'expected a division code of 6 digits, or 9 for a township')
  .describe('GB/T 2260 division code: 6 digits, or 9 for a township');
export type RegionCode = string;

export const regionSchema = z.object({
  code: regionCodeSchema,
  name: z.string(),
  nameEn: z.string(),
  tier: tierSchema,
  parent: regionCodeSchema.nullable(),
  /** IANA zone in which this region's days begin and end. */
  zone: z.string(),
  /** Which working-day calendar applies. */
  calendar: z.enum(['cn', 'weekdays']),
});
export type Region = z.infer<typeof regionSchema>;

/**
 * The digits that every region inside `code` begins with: division codes nest by their digits
 * (GB/T 2260), a province ending in 0000 and a city in 00.
 * @param code a 6 or 9 digit division code
 */
export function regionPrefix(code: RegionCode): string {
  if (code.length > 6) return code;
  if (code.endsWith('0000')) return code.slice(0, 2);
  return code.endsWith('00') ? code.slice(0, 4) : code;
}

/** Whether `region` lies in the subtree of `scope` (a region is inside itself). */
export function inScope(scope: RegionCode, region: RegionCode): boolean {
  return region.startsWith(regionPrefix(scope));
}

/** The codes of every possible ancestor of a region and itself, widest last: 130681100 → 130681100, 130681, 130600, 130000. */
export function scopesOf(region: RegionCode): RegionCode[] {
  const six = region.slice(0, 6);
  const all = [region, six, `${six.slice(0, 4)}00`, `${six.slice(0, 2)}0000`];
  return [...new Set(all)];
}
