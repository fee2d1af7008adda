export * from './model.ts';
export { Calendar, calendarOf, type DayKind, type DaySource } from './clock/calendar.ts';
export { explainClock, LONGEST_EXPLANATION } from './clock/explain.ts';
export { dateOf, dayNumberOf, type DayNumber } from './clock/localDay.ts';
export { projectClock, rungsOf } from './clock/project.ts';
export { caseClockId, clockSpecOf, DEFAULT_HOURS, type ClockSpec, type OpeningHours } from './clock/spec.ts';
export { ZoneDays, zoneDaysOf } from './clock/zoneDays.ts';
export { cardFingerprint } from './engine/alerts.ts';
export { engine } from './engine/engine.ts';
export { evaluate, verdictsOf } from './engine/evaluate.ts';
export type { RuleResult } from './engine/run.ts';
export { voidedEvents } from './fold/corrections.ts';
export { applyEvent, foldCase } from './fold/foldCase.ts';
export { orderKey } from './fold/order.ts';
export * from './rule.ts';
export { shippedRules } from './rules/registry.ts';
export { compileRuleset, ladderFor, type CompiledRuleset } from './ruleset/compile.ts';
export {
  baodingLadder,
  defaultRuleset,
  exceededFirstLadder,
  ladderPresets,
  orderLadder,
} from './ruleset/presets.ts';
