/* global document, window */
/**
 * The page /agent/: shares a terminal's whole screen where no debugging port can be had. Everything is covered until an
 * administrator has confirmed the zones; zones are painted over here, before a picture is made of it.
 */
import { Queue } from './queue.js';
import { covered, differs } from './frames.js';

const ASK_MS = 5000;
const UNCHANGED_MS = 30_000;
const UNCONFIRMED_MS = 30_000;
const TOKEN = 'mingjing.screen-token';
const byId = (id) => document.getElementById(id);
const canvas = byId('picture');
const context = canvas.getContext('2d', { willReadFrequently: true });
const video = document.createElement('video');
video.muted = true;

let orders = null;
let unmaskedUntil = -Infinity;
let token = localStorage.getItem(TOKEN);

function say(text) {
  byId('state').textContent = text;
}

async function ask(path, options = {}) {
  const headers = { ...options.headers, authorization: `Bearer ${token}` };
  const response = await fetch(path, { ...options, headers, credentials: 'omit' });
  if (response.ok) return response;
  const error = new Error(`${path}: ${response.status}`);
  // What is wrong in itself is not sent again; everything else is.
  error.refused = [400, 413, 415, 422].includes(response.status);
  throw error;
}

const queue = new Queue({
  async send({ event, bytes }) {
    const { image } = event.data;
    if (bytes)
      await ask(`/api/ingest/blobs/${image.sha256}`, {
        method: 'PUT',
        headers: { 'content-type': image.mediaType },
        body: bytes,
      });
    const headers = { 'content-type': 'application/cloudevents+json' };
    await ask('/api/ingest', { method: 'POST', headers, body: JSON.stringify(event) });
  },
  tell: say,
});

function eventOf(type, data) {
  const common = { specversion: '1.0', id: crypto.randomUUID(), source: orders.source, type };
  return { ...common, time: new Date().toISOString(), data: { region: orders.region, ...data } };
}

async function sha256Of(bytes) {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One way to look at the screen: masked, or unmasked. */
class Teller {
  #last = null;
  #since = 0;
  #toldAt = -Infinity;

  /** Sends what the canvas shows, if it changed, or that it did not. */
  async look(masked, now) {
    const { width, height } = canvas;
    const pixels = context.getImageData(0, 0, width, height);
    const steady = covered(
      pixels,
      (orders.zones ?? []).filter(({ what }) => what === 'ignore'),
    );
    const common = { screen: orders.id, masked };
    if (this.#last && !differs(this.#last, steady)) {
      if (now - this.#toldAt < UNCHANGED_MS) return;
      this.#toldAt = now;
      const unchangedSince = new Date(this.#since).toISOString();
      queue.add({ event: eventOf('screen.captured', { ...common, changed: false, unchangedSince }) });
      return;
    }
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.7));
    const bytes = await blob.arrayBuffer();
    const image = {
      sha256: await sha256Of(bytes),
      mediaType: 'image/jpeg',
      width,
      height,
      bytes: bytes.byteLength,
    };
    this.#last = steady;
    this.#since = now;
    this.#toldAt = now;
    queue.add({ event: eventOf('screen.captured', { ...common, changed: true, image }), bytes });
  }
}
const tellers = { masked: new Teller(), unmasked: new Teller() };

function draw(zones) {
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  for (const { x, y, width, height } of zones) {
    const [left, top] = [Math.floor(x * canvas.width), Math.floor(y * canvas.height)];
    context.fillRect(
      left,
      top,
      Math.ceil((x + width) * canvas.width) - left,
      Math.ceil((y + height) * canvas.height) - top,
    );
  }
}

const WHOLE = [{ x: 0, y: 0, width: 1, height: 1 }];

async function look() {
  if (!orders || orders.disabled || orders.via !== 'page' || video.readyState < 2 || video.videoWidth === 0)
    return;
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const now = Date.now();
  if (performance.now() < unmaskedUntil) {
    draw([]);
    await tellers.unmasked.look(false, now);
  } else tellers.unmasked = new Teller();
  draw(orders.zones === null ? WHOLE : orders.zones.filter(({ what }) => what === 'cover'));
  await tellers.masked.look(true, now);
}

async function follow() {
  if (token) {
    const askedAt = performance.now();
    try {
      orders = await (await ask('/api/service/screen')).json();
      const { unmaskedForMs } = orders;
      unmaskedUntil = unmaskedForMs === null ? -Infinity : askedAt + Math.min(unmaskedForMs, UNCONFIRMED_MS);
    } catch (error) {
      say(`中心暂不可达 The centre cannot be reached (${error.message})`);
    }
  }
  byId('sign-in').hidden = Boolean(token);
  byId('zones').hidden = !orders || orders.zones !== null;
  byId('unmasked').hidden = performance.now() >= unmaskedUntil;
  window.setTimeout(follow, ASK_MS);
}

async function every() {
  const began = performance.now();
  try {
    await look();
  } catch (error) {
    say(`画面未能上报 A picture was not sent: ${error.message}`);
  }
  window.setTimeout(every, Math.max(50, (orders?.everyMs ?? 1000) - (performance.now() - began)));
}

byId('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  token = byId('token').value.trim();
  localStorage.setItem(TOKEN, token);
  byId('token').value = '';
  byId('sign-in').hidden = true;
});
byId('forget').addEventListener('click', () => {
  localStorage.removeItem(TOKEN);
  token = null;
  orders = null;
  unmaskedUntil = -Infinity;
  byId('sign-in').hidden = false;
});
byId('share').addEventListener('click', async () => {
  try {
    video.srcObject = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: 2 }, audio: false });
    await video.play();
    say('正在上报 Sending');
    video.srcObject.getVideoTracks()[0].addEventListener('ended', () => say('共享已停止 Sharing has ended'));
  } catch (error) {
    say(`未能共享 The screen is not shared: ${error.message}`);
  }
});
follow();
every();
