import type { Route } from '../route.ts';
import { alertRoutes } from './alerts.ts';
import { auditRoutes } from './audit.ts';
import { backtestRoutes } from './backtests.ts';
import { calendarRoutes } from './calendars.ts';
import { cameraRoutes } from './cameras.ts';
import { cameraTrialRoutes } from './cameraTrials.ts';
import { caseRoutes } from './cases.ts';
import { clipRoutes } from './clips.ts';
import { deadLetterRoutes } from './deadLetters.ts';
import { hallRoutes } from './halls.ts';
import { lookupRoutes } from './lookups.ts';
import { matterRoutes } from './matters.ts';
import { mediaRoutes } from './media.ts';
import { ratingRoutes } from './ratings.ts';
import { recordingRoutes } from './recordings.ts';
import { reportRoutes } from './report.ts';
import { rulesetRoutes } from './rulesets.ts';
import { screenRoutes } from './screens.ts';
import { screenAdminRoutes } from './screenAdmin.ts';
import { sessionRoutes } from './session.ts';
import { silenceRoutes } from './silences.ts';
import { sourceRoutes } from './sources.ts';
import { timelineRoutes } from './timeline.ts';
import { unmaskingRoutes } from './unmaskings.ts';
import { userRoutes } from './users.ts';
import { viewingRoutes } from './viewings.ts';
import { wallRoutes } from './wall.ts';
import { layoutRoutes, patrolRoutes } from './layouts.ts';
import { wallsRoutes } from './walls.ts';

/** Every route of the API besides ingest, which reads its body by itself. */
export const ROUTES: readonly Route[] = [
  ...sessionRoutes,
  ...wallRoutes,
  ...wallsRoutes,
  ...layoutRoutes,
  ...patrolRoutes,
  ...alertRoutes,
  ...silenceRoutes,
  ...caseRoutes,
  ...ratingRoutes,
  ...lookupRoutes,
  ...matterRoutes,
  ...hallRoutes,
  ...rulesetRoutes,
  ...calendarRoutes,
  ...cameraRoutes,
  ...cameraTrialRoutes,
  ...screenRoutes,
  ...screenAdminRoutes,
  ...unmaskingRoutes,
  ...mediaRoutes,
  ...recordingRoutes,
  ...clipRoutes,
  ...timelineRoutes,
  ...userRoutes,
  ...sourceRoutes,
  ...deadLetterRoutes,
  ...auditRoutes,
  ...viewingRoutes,
  ...backtestRoutes,
  ...reportRoutes,
];
