import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A key and a certificate of its own for localhost, as PEM files in a folder. */
export async function makeCertificate(folder: string): Promise<{ pkey: string; cert: string }> {
  const [pkey, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', pkey];
  await run('openssl', ['req', '-x509', '-days', '2', ...key, ...subject, '-out', cert]);
  return { pkey, cert };
}
