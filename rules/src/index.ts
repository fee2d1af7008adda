export * from './model.ts';
export { Calendar, calendarOf, type DayKind, type DaySource } from './clock/calendar.ts';
export { openingsOf } from './clock/hourBudget.ts';
export { explainClock, LONGEST_EXPLANATION } from './clock/explain.ts';
export { dateOf, dayNumberOf, type DayNumber } from './clock/localDay.ts';
export { projectClock, rungsOf } from './clock/project.ts';
export { calendarsOf, changedDates, shippedCalendars, type Calendars } from './clock/calendars.ts';
export { caseClockId, clockSpecOf, clockSpecsOf, levelOfClock, type ClockPlace } from './clock/caseClocks.ts';
export { legalDefaults, type DefaultLimit } from './clock/legalDefaults.ts';
export { DEFAULT_HOURS, type ClockSpec, type OpeningHours } from './clock/spec.ts';
export { ZoneDays, zoneDaysOf } from './clock/zoneDays.ts';
export { rulePages } from './docs/rulePage.ts';
export { cardFingerprint } from './engine/alerts.ts';
export { caseInputOf, type CaseDirectory, type HeldJudgement } from './engine/caseInput.ts';
export { clockDetails } from './engine/details.ts';
export { engine } from './engine/engine.ts';
export { evaluate, verdictsOf } from './engine/evaluate.ts';
export type { RuleResult } from './engine/run.ts';
export { voidedEvents } from './fold/corrections.ts';
export { applyEvent, FOLD_VERSION, foldCase } from './fold/foldCase.ts';
export { applyCameraTold, CAMERA_FOLD_VERSION, cameraOf, foldCamera } from './fold/foldCamera.ts';
export { orderKey } from './fold/order.ts';
export {
  cardKey,
  inOrder,
  standingOf,
  type HistoryWorld,
  type IssuedCard,
  type RaisedAlert,
  type Standing,
} from './history/caseRun.ts';
export { history } from './history/history.ts';
export { HistoryEngine, type HistoryOptions } from './history/historyEngine.ts';
export { decide, undecided } from './routing/decide.ts';
export { defaultRouting, kindRouting } from './routing/defaults.ts';
export { workingHoursAfter } from './routing/escalate.ts';
export { foresee, type Foreseen } from './routing/foresee.ts';
export { milderCards, restsOn, worseCards } from './routing/inhibit.ts';
export * from './routing/model.ts';
export { muteLines } from './routing/past.ts';
export { groupKey, messageTitle } from './routing/titles.ts';
export { learnProfiles, ProfileLearner, type ClosedCase } from './profile/learn.ts';
export { groupId, type GroupProfile, type Profiles } from './profile/profiles.ts';
export * from './rule.ts';
export { shippedRules } from './rules/registry.ts';
export { compileRuleset, type CompiledRuleset } from './ruleset/compile.ts';
export {
  baodingLadder,
  defaultRuleset,
  exceededFirstLadder,
  ladderPresets,
  orderLadder,
  stageLadder,
} from './ruleset/presets.ts';
