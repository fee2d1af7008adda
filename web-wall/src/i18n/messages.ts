/** A tree of sentences. */
export interface Words {
  readonly [key: string]: string | Words;
}

/** The same tree with any sentences: what one language must have because the other has it. */
type SameKeys<T extends Words> = { readonly [K in keyof T]: T[K] extends Words ? SameKeys<T[K]> : string };

export interface Messages {
  'zh-CN': Words;
  en: Words;
}

/** Words in both languages; the compiler holds them to the same keys. */
export function messages<const T extends Words>(zh: T, en: SameKeys<T>): { 'zh-CN': T; en: SameKeys<T> } {
  return { 'zh-CN': zh, en };
}
