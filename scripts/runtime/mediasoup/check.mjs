// Starts the worker and sends RTP through it, once over SRTP, without a browser:
// socket -> PlainTransport -> PipeTransport (SRTP) -> second worker -> DirectTransport.
// (DTLS needs a browser: see ../video-proof/proof.mjs.)
import dgram from 'node:dgram';
import * as mediasoup from 'mediasoup';

const mediaCodecs = [
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
  },
];
const listenInfo = { protocol: 'udp', ip: '127.0.0.1' };
const [w1, w2] = await Promise.all([
  mediasoup.createWorker({ logLevel: 'warn' }),
  mediasoup.createWorker({ logLevel: 'warn' }),
]);
for (const w of [w1, w2])
  w.on('died', (e) => {
    console.error(e);
    process.exit(1);
  });
const r1 = await w1.createRouter({ mediaCodecs }),
  r2 = await w2.createRouter({ mediaCodecs });
const plain = await r1.createPlainTransport({ listenInfo, comedia: true, rtcpMux: false });
const producer = await plain.produce({
  kind: 'video',
  rtpParameters: {
    codecs: [
      {
        mimeType: 'video/H264',
        clockRate: 90000,
        payloadType: 100,
        parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f' },
      },
    ],
    encodings: [{ ssrc: 1234 }],
  },
});
const { pipeProducer } = await r1.pipeToRouter({
  producerId: producer.id,
  router: r2,
  listenInfo,
  enableSrtp: true,
});
const direct = await r2.createDirectTransport();
const consumer = await direct.consume({ producerId: pipeProducer.id, rtpCapabilities: r2.rtpCapabilities });

const sock = dgram.createSocket('udp4');
let seq = 0,
  got = 0;
consumer.on('rtp', () => {
  got++;
});
const timer = setInterval(() => {
  const p = Buffer.alloc(500, seq);
  p[0] = 0x80;
  p[1] = 0x80 | 100;
  p.writeUInt16BE(seq, 2);
  p.writeUInt32BE(seq * 6000, 4);
  p.writeUInt32BE(1234, 8);
  p[12] = 0x67; // An SPS: what mediasoup takes as the start of a key frame.
  seq++;
  sock.send(p, plain.tuple.localPort, '127.0.0.1');
}, 10);
setTimeout(() => {
  clearInterval(timer);
  console.log(`mediasoup ${mediasoup.version}, node ${process.version}: ${seq} RTP packets in, ${got} out`);
  w1.close();
  w2.close();
  sock.close();
  process.exit(got > seq / 2 ? 0 : 1);
}, 2000);
