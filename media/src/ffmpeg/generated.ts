/**
 * The moving picture of a generated camera: a counter, its clerk and a visitor who walks by, with the
 * label and the clock of Baoding (UTC+8) burnt in. Everything that stands still is drawn once and
 * looped, which keeps ten such cameras together well under one core.
 */
export interface Scene {
  label: string;
  /** 0 to 9: colours and gait. */
  pattern: number;
  /** A family that fontconfig knows, or the path of a font file. */
  font: string;
  /** When the first frame is shown, in ms since the epoch; the burnt-in clock runs from it. */
  startedAt: number;
}

export const SCENE_WIDTH = 640;
export const SCENE_HEIGHT = 360;
export const SCENE_FPS = 12;

const CHINA_OFFSET_S = 8 * 3600;

interface Palette {
  wall: string;
  floor: string;
  desk: string;
  clerk: string;
  visitor: string;
}
const PALETTES: readonly [Palette, ...Palette[]] = [
  { wall: '2b3138', floor: '3a342c', desk: '55493a', clerk: '6f7f8f', visitor: '9a8468' },
  { wall: '2a3230', floor: '2f3a34', desk: '4a5347', clerk: '7d8a72', visitor: '8d7a8a' },
  { wall: '302d38', floor: '35303c', desk: '4d4558', clerk: '8a8f6f', visitor: '6f8f8a' },
  { wall: '33302a', floor: '3c3a33', desk: '5a5140', clerk: '72808d', visitor: '94736a' },
  { wall: '283038', floor: '2c3540', desk: '43505d', clerk: '8d7d72', visitor: '74906f' },
];

/**
 * Escapes text for a filter option inside a filter graph: once for the option's value, once for the
 * graph (ffmpeg-filters, "Notes on filtergraph escaping"). Control characters, which a command line
 * cannot carry or a picture not show, become spaces.
 */
export function escapeFilterText(text: string): string {
  const printable = text.replaceAll(/\p{Cc}/gu, ' ').trim();
  const asOption = printable.replaceAll(/[\\':]/g, '\\$&');
  return asOption.replaceAll(/[\\'[\],;]/g, '\\$&');
}

/** An ellipse's inside, as a geq condition. */
function ellipse(x: number, y: number, rx: number, ry: number): string {
  return `lt(hypot((X-${x})/${rx},(Y-${y})/${ry}),1)`;
}

/** A figure from head to shoulders: one picture with transparency, made once and looped. */
function figure(name: string, colour: string, width: number, height: number): string {
  const middle = width / 2;
  const head = ellipse(middle, Math.round(width * 0.37), Math.round(width * 0.27), Math.round(width * 0.33));
  const body = `${ellipse(middle, height - 12, middle - 2, height - Math.round(width * 0.78))}*lt(Y,${height - 1})`;
  return (
    `color=c=0x${colour}:s=${width}x${height}:r=${SCENE_FPS}:d=0.1,format=yuva420p,` +
    `geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='255*min(1,${head}+${body}*gt(Y,${Math.round(width * 0.72)}))',` +
    `${stillImage()}[${name}]`
  );
}

/** Loops the first frame for ever with timestamps of its own. */
function stillImage(): string {
  return `loop=-1:1:0,setpts=N/${SCENE_FPS}/TB`;
}

function room({ wall, floor }: Palette): string {
  return (
    `color=c=0x${wall}:s=${SCENE_WIDTH}x${SCENE_HEIGHT}:r=${SCENE_FPS}:d=0.1,format=yuv420p,` +
    `drawbox=0:250:640:110:0x${floor}:fill,drawbox=0:0:640:60:white@0.06:fill,` +
    `drawbox=120:96:400:96:black@0.25:fill,drawbox=132:106:376:76:white@0.14:fill,${stillImage()}[room]`
  );
}

function clock(startedAt: number): string {
  const offset = Math.round(startedAt / 1000) + CHINA_OFFSET_S;
  // Inside the quotes of the graph one level is left for the option and one for the text's own expansion.
  const text = String.raw`%{pts\:gmtime\:${offset}\:%Y-%m-%d %H\\\:%M\\\:%S}`;
  return `text='${text}':x=w-tw-14:y=12`;
}

/** The filter graph of a generated camera, for ffmpeg's lavfi input. Pure: same scene, same graph. */
export function generatedScene(scene: Scene): string {
  const palette = PALETTES[scene.pattern % PALETTES.length] ?? PALETTES[0];
  const font = `${scene.font.startsWith('/') ? 'fontfile' : 'font'}=${escapeFilterText(scene.font)}`;
  const speed = 34 + scene.pattern * 5;
  const text = `drawtext=${font}:fontsize=20:fontcolor=white:box=1:boxcolor=black@0.5:boxborderw=6`;
  return [
    room(palette),
    figure('clerk', palette.clerk, 96, 160),
    figure('visitor', palette.visitor, 110, 220),
    `[room][clerk]overlay=x='272+18*sin(t*0.9+${scene.pattern})':y='112+3*sin(t*2.1)'[seated]`,
    `[seated]drawbox=60:232:520:58:0x${palette.desk}:fill,drawbox=60:232:520:5:white@0.12:fill[counter]`,
    `[counter][visitor]overlay=x='mod(t*${speed}+${scene.pattern * 170},860)-120':y='178+5*sin(t*4.6)'[scene]`,
    `[scene]${text}:expansion=none:x=14:y=12:text=${escapeFilterText(scene.label) || '-'},${text}:${clock(scene.startedAt)}`,
  ].join(';');
}
