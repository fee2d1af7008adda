/** This machine's names for itself: a page opened under one is the page under the others. */
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * The origins whose pages may watch: those configured, or the centre's own.
 * @param configured addresses from the configuration; only their origins count
 */
export function pageOrigins(configured: readonly string[], centreUrl: string): string[] {
  const origins = (configured.length > 0 ? configured : [centreUrl]).flatMap((address) => {
    const { protocol, hostname, port, origin } = new URL(address);
    if (!LOOPBACK.includes(hostname)) return [origin];
    return LOOPBACK.map((name) => `${protocol}//${name}${port === '' ? '' : `:${port}`}`);
  });
  return [...new Set(origins)];
}
