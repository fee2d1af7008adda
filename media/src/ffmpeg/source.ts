import type { Camera, CameraSource, Quality } from '@mingjing/contracts';

/**
 * Where a camera's stream is had, signed in: the small stream for `sub` where there is one, else the main one. An
 * address that names a user keeps it; otherwise the camera's own credentials are put in, percent-encoded (RFC 3986).
 * What comes out holds a password: it goes to standard input, never to a command line, a log or a viewer.
 */
export function sourceOf(camera: Camera, quality: Quality): CameraSource {
  const source = quality === 'sub' ? (camera.sub ?? camera.source) : camera.source;
  const { credentials } = camera;
  if (source.kind !== 'rtsp' || !credentials) return source;
  const url = new URL(source.url);
  if (url.username !== '') return source;
  url.username = encodeURIComponent(credentials.username);
  url.password = encodeURIComponent(credentials.password);
  return { ...source, url: url.href };
}
