/** Something that can be done with a tile. */
export interface Tool {
  id: 'enlarge' | 'snapshot' | 'playback' | 'ptz' | 'figures' | 'unmask';
  key: string;
  pressed?: boolean;
  disabled?: string | null;
}
