import type {
  CreatedWallToken,
  Layout,
  LayoutChoice,
  NewLayout,
  NewPatrol,
  NewWall,
  NewWallToken,
  Patrol,
  Wall,
  WallChange,
  WallCommand,
  WallState,
  WallToken,
  AdminCamera,
  CameraChange,
  CameraTest,
  CameraTestRequest,
  Discovery,
  DiscoveryRequest,
  NewCamera,
  Alert,
  AlertAction,
  AlertHistory,
  AlertPage,
  AlertRouting,
  AuditPage,
  BacktestRequest,
  BacktestRun,
  CalendarAnswer,
  CalendarDraft,
  CalendarYear,
  CaseDetail,
  CasePage,
  CreatedSource,
  DeadLetterPage,
  Department,
  Hall,
  HallChange,
  IngestAnswer,
  ManagedScreen,
  Matter,
  MatterChange,
  MediaTicket,
  NewSilence,
  NewUnmasking,
  NewScreen,
  NewSource,
  NewUser,
  RatingPage,
  PublishedRuleset,
  Region,
  Rejudging,
  RuleInfo,
  RulesetDraft,
  RulesetVersion,
  ScreenChange,
  Session,
  Silence,
  SignIn,
  SourceState,
  User,
  Unmasking,
  ViewingPage,
  UserChange,
  WallSnapshot,
  CameraTile,
  CaseReplay,
  Clip,
  NewClip,
  RecordedExtent,
  RecordedSpan,
  RecordedSpans,
  ScreenHistory,
  Segment,
  Timeline,
} from '@mingjing/contracts';

/** Query values; a list is sent as a repeated key. */
export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

interface Call {
  params?: Record<string, string | number>;
  query?: Query;
  body?: unknown;
  answer: unknown;
}

/** Holds every route to the shape of a call. */
type Table<T extends Record<string, Call>> = T;

/**
 * The centre's HTTP API as the pages use it: what goes in, what comes back.
 * A page that needs another route adds its line here; the shapes are those of contracts.
 */
export type ApiRoutes = Table<{
  'POST /api/session': { body: SignIn; answer: Session };
  'GET /api/session': { answer: Session };
  'DELETE /api/session': { answer: null };
  'GET /api/regions': { answer: Region[] };
  'GET /api/departments': { query: { region: string }; answer: Department[] };
  'GET /api/matters': { answer: Matter[] };
  'GET /api/admin/screens': { answer: ManagedScreen[] };
  'POST /api/admin/screens': { body: NewScreen; answer: ManagedScreen };
  'PATCH /api/admin/screens/:id': { params: { id: string }; body: ScreenChange; answer: ManagedScreen };
  'POST /api/admin/screens/:id/token': { params: { id: string }; answer: CreatedSource };
  'DELETE /api/admin/screens/:id/token': { params: { id: string }; answer: null };
  'GET /api/screens/:id/unmaskings': { params: { id: string }; answer: Unmasking[] };
  'POST /api/screens/:id/unmask': { params: { id: string }; body: NewUnmasking; answer: Unmasking };
  'POST /api/unmaskings/:id/approve': { params: { id: number }; answer: Unmasking };
  'POST /api/unmaskings/:id/end': { params: { id: number }; answer: Unmasking };
  'GET /api/wall': { query: { region: string }; answer: WallSnapshot };
  'GET /api/alerts': { query: Query; answer: AlertPage };
  'GET /api/alerts/:id': { params: { id: number }; answer: { alert: Alert; history: AlertHistory[] } };
  'POST /api/alerts/:id/actions': { params: { id: number }; body: AlertAction; answer: Alert };
  'GET /api/alerts/:id/routing': { params: { id: number }; answer: AlertRouting };
  'GET /api/silences': { query: Query; answer: Silence[] };
  'POST /api/silences': { body: NewSilence; answer: Silence };
  'DELETE /api/silences/:id': { params: { id: number }; answer: Silence };
  'GET /api/cases': { query: Query; answer: CasePage };
  'GET /api/cases/:caseId': { params: { caseId: string }; answer: CaseDetail };
  'GET /api/ratings': { query: Query; answer: RatingPage };
  'GET /api/media/ticket': { query: { region: string }; answer: MediaTicket };
  'GET /api/viewings': { query: Query; answer: ViewingPage };
  'GET /api/recordings/segments': { query: Query; answer: Segment[] };
  'GET /api/recordings/extents': { query: Query; answer: RecordedExtent[] };
  'GET /api/recordings/spans': { query: Query; answer: RecordedSpans[] };
  'GET /api/admin/cameras': { answer: AdminCamera[] };
  'POST /api/admin/cameras': { body: NewCamera; answer: AdminCamera };
  'PATCH /api/admin/cameras/:id': { params: { id: string }; body: CameraChange; answer: AdminCamera };
  'DELETE /api/admin/cameras/:id': { params: { id: string }; answer: null };
  'POST /api/admin/cameras/test': { body: CameraTestRequest; answer: CameraTest };
  'POST /api/admin/cameras/discovery': { body: DiscoveryRequest; answer: Discovery };
  'GET /api/admin/cameras/discovery/:id': { params: { id: string }; answer: Discovery };
  'GET /api/cameras': { query: Query; answer: CameraTile[] };
  'GET /api/timeline': { query: Query; answer: Timeline };
  'GET /api/screens/:id/history': { params: { id: string }; query: Query; answer: ScreenHistory };
  'GET /api/screens/:id/spans': { params: { id: string }; query: Query; answer: RecordedSpan[] };
  'GET /api/cases/:caseId/replay': { params: { caseId: string }; answer: CaseReplay };
  'GET /api/clips': { query: Query; answer: Clip[] };
  'POST /api/clips': { body: NewClip; answer: Clip };
  'POST /api/walls/session': { body: { token: string }; answer: Session };
  'GET /api/walls': { query: Query; answer: Wall[] };
  'POST /api/walls': { body: NewWall; answer: Wall };
  'PUT /api/walls/:id': { params: { id: string }; body: WallChange; answer: Wall };
  'DELETE /api/walls/:id': { params: { id: string }; answer: null };
  'POST /api/walls/:id/commands': { params: { id: string }; body: WallCommand; answer: WallState };
  'GET /api/walls/:id/tokens': { params: { id: string }; answer: WallToken[] };
  'POST /api/walls/:id/tokens': { params: { id: string }; body: NewWallToken; answer: CreatedWallToken };
  'DELETE /api/walls/:id/tokens/:token': { params: { id: string; token: number }; answer: null };
  'GET /api/layouts': { query: Query; answer: Layout[] };
  'POST /api/layouts': { body: NewLayout; answer: Layout };
  'PUT /api/layouts/:id': { params: { id: string }; body: NewLayout & { revision: number }; answer: Layout };
  'DELETE /api/layouts/:id': { params: { id: string }; answer: null };
  'GET /api/layout-choice': { answer: LayoutChoice };
  'PUT /api/layout-choice': { body: LayoutChoice; answer: null };
  'GET /api/patrols': { query: Query; answer: Patrol[] };
  'POST /api/patrols': { body: NewPatrol; answer: Patrol };
  'PUT /api/patrols/:id': { params: { id: string }; body: NewPatrol & { revision: number }; answer: Patrol };
  'DELETE /api/patrols/:id': { params: { id: string }; answer: null };
  'GET /api/users': { answer: User[] };
  'POST /api/users': { body: NewUser; answer: User };
  'PATCH /api/users/:id': { params: { id: number }; body: UserChange; answer: User };
  'GET /api/sources': { answer: SourceState[] };
  'POST /api/sources': { body: NewSource; answer: CreatedSource };
  'DELETE /api/sources/:id': { params: { id: string }; answer: null };
  'POST /api/sources/:id/token': { params: { id: string }; answer: CreatedSource };
  'GET /api/dead-letters': { query: Query; answer: DeadLetterPage };
  'POST /api/dead-letters/:id/replay': { params: { id: number }; answer: IngestAnswer };
  'GET /api/rules': { answer: RuleInfo[] };
  'GET /api/rulesets': { answer: RulesetVersion[] };
  'GET /api/rulesets/:version': { params: { version: number }; answer: PublishedRuleset };
  'POST /api/rulesets': { body: RulesetDraft; answer: PublishedRuleset };
  'GET /api/rejudging': { answer: Rejudging };
  'GET /api/calendars': { answer: CalendarAnswer };
  'GET /api/calendars/:year': { params: { year: number }; query: { region: string }; answer: CalendarYear };
  'POST /api/calendars': { body: CalendarDraft; answer: CalendarAnswer };
  'GET /api/halls': { query: { region: string }; answer: Hall[] };
  'PATCH /api/halls/:id': { params: { id: string }; body: HallChange; answer: Hall };
  'PATCH /api/matters/:id': { params: { id: string }; body: MatterChange; answer: Matter };
  'GET /api/backtests': { answer: BacktestRun[] };
  'POST /api/backtests': { body: BacktestRequest; answer: BacktestRun };
  'GET /api/backtests/:id': { params: { id: string }; answer: BacktestRun };
  'DELETE /api/backtests/:id': { params: { id: string }; answer: null };
  'GET /api/audit': { query: Query; answer: AuditPage };
}>;

export type ApiRoute = keyof ApiRoutes;
