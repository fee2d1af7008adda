import type { CameraCredentials, CameraSource } from '@mingjing/contracts';

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** Takes user and password out of an address. What has no password keeps its user: nothing of it is secret. */
export function splitAddress(address: string): { address: string; credentials: CameraCredentials | null } {
  if (!URL.canParse(address)) return { address, credentials: null };
  const url = new URL(address);
  if (url.password === '') return { address, credentials: null };
  const credentials = { username: decoded(url.username), password: decoded(url.password) };
  url.username = '';
  url.password = '';
  return { address: url.href, credentials: credentials.username === '' ? null : credentials };
}

/** Takes user and password out of a source's address. */
export function splitSource<S extends CameraSource | null>(
  source: S,
): { source: S; credentials: CameraCredentials | null } {
  if (source?.kind !== 'rtsp') return { source, credentials: null };
  const { address, credentials } = splitAddress(source.url);
  return { source: { ...source, url: address }, credentials };
}

interface Addresses {
  source: CameraSource;
  sub?: CameraSource | null | undefined;
  onvif?: string | null | undefined;
  credentials?: CameraCredentials | null | undefined;
}

/**
 * A camera without passwords in its addresses. Credentials that are given by themselves go before those in an
 * address, and the main stream's before the others': a camera has one sign-in.
 */
export function withoutPasswords<C extends Addresses>(camera: C): C {
  const main = splitSource(camera.source);
  const sub = splitSource(camera.sub ?? null);
  const onvif = camera.onvif ? splitAddress(camera.onvif) : null;
  const found = main.credentials ?? sub.credentials ?? onvif?.credentials;
  return {
    ...camera,
    source: main.source,
    ...(camera.sub ? { sub: sub.source } : {}),
    ...(onvif ? { onvif: onvif.address } : {}),
    ...(!camera.credentials && found ? { credentials: found } : {}),
  };
}

/** The hosts at which a camera's password would be shown. */
export function hostsOf({ source, sub, onvif }: Omit<Addresses, 'credentials'>): Set<string> {
  const addresses = [source, sub].flatMap((one) => (one?.kind === 'rtsp' ? [one.url] : []));
  if (onvif) addresses.push(onvif);
  return new Set(addresses.filter((one) => URL.canParse(one)).map((one) => new URL(one).hostname));
}
