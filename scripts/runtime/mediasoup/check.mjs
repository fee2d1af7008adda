/**
 * Starts the worker and sends RTP through it, once over SRTP, without a browser:
 * socket → PlainTransport → PipeTransport (SRTP) → second worker → DirectTransport. Ends with 0 when it passes.
 */
import dgram from 'node:dgram';
import * as mediasoup from 'mediasoup';

const H264 = {
  mimeType: 'video/H264',
  clockRate: 90000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
};
const SSRC = 1234;
const PAYLOAD_TYPE = 100;
const WANTED = 50;
const GIVE_UP_MS = 10_000;

/** A packet that looks like the start of a key frame (an SPS), which is what mediasoup waits for. */
function packet(sequence) {
  const bytes = Buffer.alloc(500, sequence);
  bytes[0] = 0x80;
  bytes[1] = 0x80 | PAYLOAD_TYPE;
  bytes.writeUInt16BE(sequence, 2);
  bytes.writeUInt32BE(sequence * 6000, 4);
  bytes.writeUInt32BE(SSRC, 8);
  bytes[12] = 0x67;
  return bytes;
}

async function build() {
  const listenInfo = { protocol: 'udp', ip: '127.0.0.1' };
  const mediaCodecs = [{ kind: 'video', ...H264 }];
  const workers = await Promise.all([1, 2].map(() => mediasoup.createWorker({ logLevel: 'warn' })));
  for (const worker of workers) worker.on('died', (error) => end(1, `a worker died: ${error.message}`));
  const [first, second] = await Promise.all(workers.map((worker) => worker.createRouter({ mediaCodecs })));
  const plain = await first.createPlainTransport({ listenInfo, comedia: true, rtcpMux: false });
  const codecs = [{ ...H264, payloadType: PAYLOAD_TYPE }];
  const producer = await plain.produce({
    kind: 'video',
    rtpParameters: { codecs, encodings: [{ ssrc: SSRC }] },
  });
  const pipe = { producerId: producer.id, router: second, listenInfo, enableSrtp: true };
  const { pipeProducer } = await first.pipeToRouter(pipe);
  const direct = await second.createDirectTransport();
  const { rtpCapabilities } = second;
  const consumer = await direct.consume({ producerId: pipeProducer.id, rtpCapabilities });
  return { workers, plain, consumer };
}

function end(code, message) {
  process.stdout.write(`${message}\n`);
  process.exit(code);
}

const { workers, plain, consumer } = await build();
const socket = dgram.createSocket('udp4');
let sent = 0;
let received = 0;
setInterval(() => socket.send(packet(sent++ & 0xffff), plain.tuple.localPort, '127.0.0.1'), 10);
setTimeout(() => end(1, `${received} of ${sent} RTP packets came through; wanted ${WANTED}`), GIVE_UP_MS);
consumer.on('rtp', () => {
  if (++received < WANTED) return;
  for (const worker of workers) worker.close();
  end(0, `mediasoup ${mediasoup.version}, node ${process.version}: ${sent} RTP packets in, ${received} out`);
});
