import type { Millis } from '@mingjing/contracts';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Sessions } from '../auth/sessions.ts';
import type { Backtests } from '../backtest/backtests.ts';
import type { ClipSigner } from '../clips/signing.ts';
import type { Vault } from '../cameras/vault.ts';
import type { CentreConfig } from '../config.ts';
import type { Directory } from '../directory.ts';
import type { IngestDeps } from '../ingest/ingest.ts';
import type { Hub } from '../live/hub.ts';
import type { Rulebook } from '../rulebook.ts';
import type { BlobStore } from '../store/blobs.ts';
import type { Pool } from '../store/database.ts';

/** What the HTTP house stands on; main.ts puts it together. */
export interface AppDeps {
  config: CentreConfig;
  pool: Pool;
  log: Logger;
  now: () => Millis;
  sessions: Sessions;
  directory: Directory;
  blobs: BlobStore;
  clipSigner: ClipSigner;
  /** Opens what cameras are signed in at with; only for the media host. */
  vault: Vault;
  ingest: IngestDeps;
  /** What the engine judges by, for what explains a case. */
  rules: Rulebook;
  backtests: Backtests;
  /** Tells the walls what a route has changed. */
  hub: Pick<Hub, 'publish'>;
  /** Where every module keeps its figures; served on /metrics. */
  metrics: Registry;
}
