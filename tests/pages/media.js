/* global document, window */
/** The page of media.browser.test.ts: the wall's own video client, without the wall. */
import { openMedia } from '../../web-wall/src/video/mediaClient.ts';

const tiles = new Map();
let media;

window.startMedia = (ticket) => {
  media = openMedia(() => Promise.resolve(ticket));
};

window.watchCamera = ({ camera, quality }) => {
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const tile = {
    video,
    frames: 0,
    waitedMs: null,
    tracks: [],
    width: 0,
    height: 0,
    states: [],
    status: null,
    troubles: [],
    carriedBy: [],
    widths: [],
  };
  let detach;
  const watchedAt = performance.now();
  tiles.set(camera, tile);
  const onFrame = (_now, { width, height }) => {
    tile.frames += 1;
    tile.waitedMs ??= performance.now() - watchedAt;
    const track = video.srcObject?.getVideoTracks()[0]?.id;
    if (track !== undefined && tile.tracks.at(-1)?.id !== track)
      tile.tracks.push({ id: track, from: tile.frames });
    Object.assign(tile, { width, height });
    if (tile.widths.at(-1) !== width) tile.widths.push(width);
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  tile.watch = media.watch(camera, quality, {
    picture: (picture) => {
      detach?.();
      detach = picture?.attach(video);
      if (picture && tile.carriedBy.at(-1) !== picture.carriedBy) tile.carriedBy.push(picture.carriedBy);
      if (picture) video.play().catch((problem) => tile.troubles.push(String(problem)));
    },
    status: (status) => {
      tile.status = status;
      if (tile.states.at(-1) !== status.state) tile.states.push(status.state);
    },
    trouble: (reason) => {
      if (reason !== null) tile.troubles.push(reason);
    },
  });
};

window.unwatchCamera = (camera) => media.unwatch(tiles.get(camera).watch);

window.tileOf = (camera) => {
  return { ...tiles.get(camera), video: undefined, watch: undefined };
};

window.showIn = ({ camera, quality }) => tiles.get(camera).watch.setQuality(quality);

window.figuresOf = (camera) => tiles.get(camera).watch.figures();

/** Looks at every frame that the screen shows whether the element still has a picture. */
window.lookForGaps = (camera) => {
  const { video } = tiles.get(camera);
  window.gapsSeen = [];
  const look = () => {
    if (video.readyState < 2 || video.videoWidth === 0) window.gapsSeen.push(video.readyState);
    window.requestAnimationFrame(look);
  };
  look();
};

window.showCamera = (camera) => tiles.get(camera).watch.setPaused(false);

window.hideCamera = (camera) => tiles.get(camera).watch.setPaused(true);

/** How late the pictures of a camera are that hold the time of their making in their top rows. */
window.delaysOf = async ({ camera, count }) => {
  const { video } = tiles.get(camera);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 24];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const delays = [];
  while (delays.length < count) {
    await new Promise((resolve) => {
      video.requestVideoFrameCallback(resolve);
    });
    const now = Date.now() >>> 0;
    context.drawImage(video, 0, 0, 640, 24, 0, 0, 640, 24);
    const { data } = context.getImageData(0, 12, 640, 1);
    let made = 0;
    for (let bit = 0; bit < 32; bit += 1)
      made = ((made << 1) | (data[(bit * 20 + 10) * 4] > 128 ? 1 : 0)) >>> 0;
    delays.push((now - made) | 0);
    // Reading every picture back would load the browser.
    await new Promise((resolve) => {
      setTimeout(resolve, 150);
    });
  }
  return delays;
};

/** The mean red, green and blue of a camera's top left corner. */
window.cornerOf = (camera) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [32, 32];
  const context = canvas.getContext('2d');
  context.drawImage(tiles.get(camera).video, 0, 0, 32, 32, 0, 0, 32, 32);
  const { data } = context.getImageData(0, 0, 32, 32);
  const mean = (channel) =>
    data.filter((_, index) => index % 4 === channel).reduce((a, b) => a + b, 0) / 1024;
  return [0, 1, 2].map(mean);
};
