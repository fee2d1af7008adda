/** One thing that must hold for the whole checkout. */
export interface Check {
  name: string;
  about: string;
  /** Resolves when it holds; rejects with an Error whose message says what does not. */
  run(): Promise<void>;
}
