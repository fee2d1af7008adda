/* global document, window */
/** The page of media.browser.test.ts: the wall's own video client, without the wall. */
import { openMedia } from '../../web-wall/src/video/mediaClient.ts';

const tiles = new Map();
let media;

window.startMedia = (ticket) => {
  media = openMedia(() => Promise.resolve(ticket));
};

window.watchCamera = (camera) => {
  const video = document.createElement('video');
  video.muted = true;
  document.body.append(video);
  const tile = {
    frames: 0,
    waitedMs: null,
    tracks: [],
    width: 0,
    height: 0,
    states: [],
    status: null,
    troubles: [],
  };
  const watchedAt = performance.now();
  tiles.set(camera, tile);
  const onFrame = (_now, { width, height }) => {
    tile.frames += 1;
    tile.waitedMs ??= performance.now() - watchedAt;
    const track = video.srcObject?.getVideoTracks()[0]?.id;
    if (track !== undefined && tile.tracks.at(-1)?.id !== track)
      tile.tracks.push({ id: track, from: tile.frames });
    Object.assign(tile, { width, height });
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  tile.watch = media.watch(camera, {
    picture: (picture) => {
      video.srcObject = picture;
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
  const { watch: _watch, ...shown } = tiles.get(camera);
  return shown;
};
