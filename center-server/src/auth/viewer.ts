import { inScope, type Role } from '@mingjing/contracts';

/** Who is asking. Every read model takes one and shows nothing outside its region. */
export interface Viewer {
  userId: number;
  username: string;
  name: string;
  role: Role;
  /** The viewer sees this region and everything below it, and nothing else. */
  region: string;
}

/** Whether a viewer may see what lies in a region. */
export function maySee(viewer: Viewer, region: string): boolean {
  return inScope(viewer.region, region);
}
