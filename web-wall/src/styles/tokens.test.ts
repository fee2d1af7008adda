import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function tokensOf(theme: 'dark' | 'light'): Map<string, string> {
  const block = new RegExp(`\\[data-theme='${theme}'\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]),
  );
}

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light! + 0.05) / (dark! + 0.05);
}

const INKS = ['ink', 'ink-2', 'ink-3', 'notice', 'yellow', 'red', 'risk', 'ok'];

describe.each(['dark', 'light'] as const)('%s tokens', (theme) => {
  const tokens = tokensOf(theme);
  test.each(INKS.flatMap((ink) => ['bg', 'panel', 'raised'].map((surface) => [ink, surface])))(
    '%s on %s reads at 4.5:1',
    (ink, surface) => {
      expect(contrast(tokens.get(ink)!, tokens.get(surface)!)).toBeGreaterThanOrEqual(4.5);
    },
  );
  test.each(['tint', 'tint-notice', 'tint-yellow', 'tint-red'])('ink on %s reads at 4.5:1', (surface) => {
    expect(contrast(tokens.get('ink')!, tokens.get(surface)!)).toBeGreaterThanOrEqual(4.5);
  });
});
