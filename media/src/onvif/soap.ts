import { createHash, randomBytes } from 'node:crypto';
import type { CameraCredentials } from '@mingjing/contracts';
import { XMLParser } from 'fast-xml-parser';
import { digestAuthorization } from './digest.ts';

/** What an XML element is read as: its text, or its attributes (@name) and children by local name. */
export type Xml = string | XmlElement;
export interface XmlElement {
  [name: string]: Xml | Xml[] | undefined;
}

/** A camera said no, or not what was expected. Its message holds no password. */
export class OnvifError extends Error {
  override name = 'OnvifError';
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

const LARGEST_ANSWER = 1024 * 1024;
const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
});

/** Reads an XML document. @throws OnvifError when it is none, or declares a document type (entities) */
export function readXml(text: string): XmlElement {
  if (/<!DOCTYPE/i.test(text)) throw new OnvifError('invalid data: a document type is not taken');
  const read: unknown = parser.parse(text);
  if (typeof read !== 'object' || read === null) throw new OnvifError('invalid data: no XML');
  return read as XmlElement;
}

/** The element at a path, the first where there are several. */
export function at(element: Xml | Xml[] | undefined, ...path: string[]): Xml | undefined {
  const one = Array.isArray(element) ? element[0] : element;
  const [name, ...rest] = path;
  if (name === undefined) return one;
  return typeof one === 'object' ? at(one[name], ...rest) : undefined;
}

/** The text at a path; empty where there is none. */
export function textAt(element: Xml | undefined, ...path: string[]): string {
  const found = at(element, ...path);
  if (typeof found !== 'object') return found ?? '';
  const inside = found['#text'];
  return typeof inside === 'string' ? inside : '';
}

/** All elements of a name at a path. */
export function allAt(element: Xml | undefined, ...path: string[]): Xml[] {
  const last = path.at(-1) ?? '';
  const parent = at(element, ...path.slice(0, -1));
  const found = typeof parent === 'object' ? parent[last] : undefined;
  if (found === undefined) return [];
  return Array.isArray(found) ? found : [found];
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
/** Text for an element or attribute: what a name or a password holds must not become markup. */
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** The WS-Security header (OASIS UsernameToken 1.1, PasswordDigest), by the camera's own clock. */
function security({ username, password }: CameraCredentials, now: number): string {
  const nonce = randomBytes(16);
  const created = new Date(now).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  const oasis = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
  return (
    `<w:Security xmlns:w="${oasis}-wssecurity-secext-1.0.xsd" xmlns:u="${oasis}-wssecurity-utility-1.0.xsd" ` +
    `s:mustUnderstand="1"><w:UsernameToken><w:Username>${escape(username)}</w:Username>` +
    `<w:Password Type="${oasis}-username-token-profile-1.0#PasswordDigest">${digest}</w:Password>` +
    `<w:Nonce EncodingType="${oasis}-soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</w:Nonce>` +
    `<u:Created>${created}</u:Created></w:UsernameToken></w:Security>`
  );
}

async function bodyOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > LARGEST_ANSWER) throw new OnvifError('invalid data: the answer is too large');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

interface SoapRequest {
  address: string;
  /** The body's XML. */
  body: string;
  credentials: CameraCredentials | null;
  /** The camera's clock, ms since the epoch. */
  now: number;
  withinMs: number;
  signal?: AbortSignal | undefined;
  /** More headers of the envelope, for subscriptions. */
  header?: string;
}

function post(request: SoapRequest, envelope: string, authorization?: string): Promise<Response> {
  const limit = AbortSignal.timeout(request.withinMs);
  return fetch(request.address, {
    method: 'POST',
    headers: {
      'content-type': 'application/soap+xml; charset=utf-8',
      ...(authorization === undefined ? {} : { authorization }),
    },
    body: envelope,
    // A camera that sends elsewhere is not followed.
    redirect: 'error',
    signal: request.signal ? AbortSignal.any([limit, request.signal]) : limit,
  });
}

/**
 * Calls an operation; answers HTTP digest where the camera asks for it.
 * @returns the body's element
 * @throws OnvifError with the camera's fault; the system's error when it cannot be reached
 */
export async function callSoap(request: SoapRequest): Promise<XmlElement> {
  const { credentials, now, body, header = '' } = request;
  const head = header + (credentials ? security(credentials, now) : '');
  const envelope =
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">` +
    `<s:Header>${head}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
  let answer = await post(request, envelope);
  const challenge = answer.headers.get('www-authenticate');
  if (answer.status === 401 && credentials && challenge?.startsWith('Digest')) {
    await answer.body?.cancel();
    const uri = new URL(request.address);
    const path = uri.pathname + uri.search;
    answer = await post(request, envelope, digestAuthorization(challenge, credentials, 'POST', path));
  }
  const text = await bodyOf(answer);
  if (answer.status === 401) throw new OnvifError('401 unauthorized', 401);
  if (answer.status === 404) throw new OnvifError('404 not found', 404);
  const inside = at(readXml(text), 'Envelope', 'Body');
  const fault = at(inside, 'Fault');
  if (fault !== undefined) {
    const said = textAt(fault, 'Reason', 'Text').slice(0, 200);
    const code = `${textAt(fault, 'Code', 'Value')} ${textAt(fault, 'Code', 'Subcode', 'Value')}`;
    if (/NotAuthorized|FailedAuthentication/i.test(code + said))
      throw new OnvifError('401 unauthorized', 401);
    throw new OnvifError(`the camera refused: ${said || code.trim()}`, answer.status);
  }
  if (typeof inside !== 'object') throw new OnvifError(`invalid data: no SOAP (HTTP ${answer.status})`);
  return inside;
}
