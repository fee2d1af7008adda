import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { messageOf } from '../modules.ts';
import type { Log } from '../log.ts';
import { allAt, readXml, textAt } from './soap.ts';

/** A device that answered: where it is, and what it says of itself. */
export interface ProbeMatch {
  address: string;
  name: string | null;
}

const PROBE = (id: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" ` +
  `xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery" ` +
  `xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>urn:uuid:${id}</w:MessageID>` +
  `<w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>` +
  `<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>` +
  `<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>`;

/** What a ProbeMatches message says; only addresses at the very sender: whoever answers speaks for no other. */
export function readMatches(message: string, sender: string): ProbeMatch[] {
  return allAt(readXml(message), 'Envelope', 'Body', 'ProbeMatches', 'ProbeMatch').flatMap((match) => {
    const addresses = textAt(match, 'XAddrs').split(/\s+/);
    const address = addresses.find(
      (one) => /^https?:/.test(one) && URL.canParse(one) && new URL(one).hostname === sender,
    );
    if (address === undefined) return [];
    const name = /onvif:\/\/www\.onvif\.org\/name\/(\S+)/.exec(textAt(match, 'Scopes'))?.[1];
    return [{ address, name: name === undefined ? null : plain(name) }];
  });
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text)
      .replaceAll(/\p{Cc}/gu, '')
      .slice(0, 100);
  } catch (problem) {
    if (problem instanceof URIError) return text.slice(0, 100);
    throw problem;
  }
}

/** One socket for each network, so that a host with several asks on all of them. */
function networks(): (string | undefined)[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outer = all.filter(({ family, internal }) => family === 'IPv4' && !internal);
  return outer.length === 0 ? [undefined] : outer.map(({ address }) => address);
}

/**
 * Sends a WS-Discovery probe (OASIS WS-Discovery 1.0, as ONVIF uses it) and tells of each device once.
 * @param targets "host:port": the multicast group, or single hosts of networks that it does not reach
 * @returns how to end it
 */
export function probeNetwork(
  targets: readonly string[],
  found: (match: ProbeMatch) => void,
  log: Log,
): () => void {
  const seen = new Set<string>();
  const sockets = networks().map((local) => {
    const socket = createSocket('udp4');
    socket.on('error', (problem) =>
      log.info({ problem: messageOf(problem) }, 'a network cannot be searched'),
    );
    socket.on('message', (message, { address: sender }) => {
      try {
        for (const match of readMatches(message.toString('utf8'), sender)) {
          if (seen.has(match.address)) continue;
          seen.add(match.address);
          found(match);
        }
      } catch (problem) {
        log.info({ sender, problem: messageOf(problem) }, 'an answer to a search cannot be understood');
      }
    });
    socket.bind(0, () => {
      if (local !== undefined) socket.setMulticastInterface(local);
      for (const target of targets) {
        const { hostname, port } = new URL(`udp://${target}`);
        socket.send(PROBE(randomUUID()), Number(port), hostname, (problem) => {
          if (problem) log.info({ target, problem: problem.message }, 'a search could not be sent');
        });
      }
    });
    return socket;
  });
  return () => {
    for (const socket of sockets) socket.close();
  };
}
