export const SUBCOMMANDS: Readonly<Record<string, { readonly entry: string; readonly help: string }>>;
