import { inScope, type Role } from '@mingjing/contracts';

/** Who is asking. Every read model takes one and shows nothing outside its region. */
export interface Viewer {
  userId: number;
  username: string;
  name: string;
  role: Role;
  /** The viewer sees this region and everything below it, and nothing else. */
  region: string;
  /** The one wall that a wall running by itself may show; it has no user, and may call few routes. */
  wall?: string;
}

/** Whether a viewer may see what lies in a region. */
export function maySee(viewer: Viewer, region: string): boolean {
  return inScope(viewer.region, region);
}

/** Whether a viewer may see a wall; one that runs by itself sees itself alone. */
export function maySeeWall(viewer: Viewer, { wall, region }: { wall: string; region: string }): boolean {
  return (viewer.wall === undefined || viewer.wall === wall) && maySee(viewer, region);
}
