import type { Department, Hall, Matter, Region } from '@mingjing/contracts';
import type { Queryable } from './store/database.ts';
import { readDirectory } from './store/directory/readDirectory.ts';

/** What is looked up by every event and every page: held in memory, read again every few seconds. */
export interface Directory {
  region(code: string): Region | undefined;
  matter(id: string | null): Matter | null;
  department(id: string | null): Department | null;
  hall(id: string | null): Hall | null;
  /** What an officer is called; the id itself for one that nobody knows. */
  nameOf(officer: string): string;
  childrenOf(code: string): Region[];
  /** Reads everything anew; called after an administrator's change. */
  reload(): Promise<void>;
  stop(): void;
}

const RELOAD_EVERY_MS = 5000;

/** Loads the directory and keeps it fresh. @param onError told when a reading failed; the old one stays */
export async function openDirectory(db: Queryable, onError: (error: unknown) => void): Promise<Directory> {
  let regions = new Map<string, Region>();
  let matters = new Map<string, Matter>();
  let departments = new Map<string, Department>();
  let halls = new Map<string, Hall>();
  let officers = new Map<string, string>();

  async function reload(): Promise<void> {
    const tables = await readDirectory(db);
    regions = new Map(tables.regions.map((region) => [region.code, region]));
    matters = new Map(tables.matters.map((matter) => [matter.id, matter]));
    departments = new Map(tables.departments.map((department) => [department.id, department]));
    halls = new Map(tables.halls.map((hall) => [hall.id, hall]));
    officers = new Map(tables.officers.map(({ id, name }) => [id, name]));
  }

  await reload();
  const timer = setInterval(() => void reload().catch(onError), RELOAD_EVERY_MS);
  return {
    region: (code) => regions.get(code),
    matter: (id) => (id === null ? null : (matters.get(id) ?? null)),
    department: (id) => (id === null ? null : (departments.get(id) ?? null)),
    hall: (id) => (id === null ? null : (halls.get(id) ?? null)),
    nameOf: (officer) => officers.get(officer) ?? officer,
    childrenOf: (code) => [...regions.values()].filter((region) => region.parent === code),
    reload,
    stop: () => clearInterval(timer),
  };
}
