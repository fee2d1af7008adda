/** A server that forwards one camera to viewers: ours, or the peer. */
export interface VideoServer {
  name: string;
  /** The processes whose CPU time counts. */
  pids(): number[];
  /** An offer for one more viewer. */
  offer(): Promise<Offer>;
  stop(): Promise<void>;
}

export interface Offer {
  sdp: string;
  /** Takes the viewer's answer; the picture begins. */
  answer(sdp: string): Promise<void>;
  close(): Promise<void>;
}
