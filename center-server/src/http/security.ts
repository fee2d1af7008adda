import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { CentreConfig } from '../config.ts';

/** http://host:1 → [http://host:1, ws://host:1] */
function withSocket(url: string): string[] {
  const { origin } = new URL(url);
  return [origin, origin.replace(/^http/, 'ws')];
}

/** Headers that hold the browser to what the pages need: own scripts only, pictures and sockets from the media host. */
export function securityHeaders({ centre }: CentreConfig): RequestHandler {
  const media = withSocket(centre.mediaPublicUrl ?? centre.mediaUrl);
  const https = centre.publicUrl?.startsWith('https:') ?? false;
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        scriptSrcAttr: ["'none'"],
        styleSrc: ["'self'"],
        // Chart tooltips are HTML with style attributes; a style attribute runs nothing.
        styleSrcAttr: ["'unsafe-inline'"],
        imgSrc: ["'self'", 'blob:', 'data:', ...media.slice(0, 1)],
        mediaSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", ...media],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    strictTransportSecurity: https,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
  });
}
