/* global document, window, MediaStream */
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
  const tile = { frames: 0, width: 0, height: 0, states: [], status: null, troubles: [] };
  tiles.set(camera, tile);
  const onFrame = (_now, { width, height }) => {
    tile.frames += 1;
    Object.assign(tile, { width, height });
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
  tile.watch = media.watch(camera, {
    track: (track) => {
      video.srcObject = track ? new MediaStream([track]) : null;
      if (track) video.play().catch((problem) => tile.troubles.push(String(problem)));
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
  const { frames, width, height, states, status, troubles } = tiles.get(camera);
  return { frames, width, height, states, status, troubles };
};
