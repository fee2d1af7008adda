/** What is written under a snapshot and into its file's name. */
export interface Caption {
  name: string;
  /** Local wall-clock time of the picture, as people write it. */
  time: string;
}

const NOT_IN_A_NAME = /[\\/:*?"<>|\s\p{Cc}]+/gu;

/** A file name that every system takes: the camera, then the time. */
export function snapshotName({ name, time }: Caption): string {
  return `${`${name} ${time}`.replace(NOT_IN_A_NAME, '_').slice(0, 120)}.jpg`;
}

function sizeOf(picture: HTMLVideoElement | HTMLImageElement): { width: number; height: number } {
  return picture instanceof HTMLVideoElement
    ? { width: picture.videoWidth, height: picture.videoHeight }
    : { width: picture.naturalWidth, height: picture.naturalHeight };
}

/** Whether an element has anything to keep. */
export function hasPicture(picture: HTMLVideoElement | HTMLImageElement): boolean {
  const { width, height } = sizeOf(picture);
  return width > 0 && height > 0;
}

/** Draws the picture as it came, whole, and below it a band with name and time. */
function draw(picture: HTMLVideoElement | HTMLImageElement, { name, time }: Caption): HTMLCanvasElement {
  const { width, height } = sizeOf(picture);
  const band = Math.max(18, Math.round(height / 18));
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height + band;
  const brush = canvas.getContext('2d');
  if (!brush) throw new Error('this browser gives no canvas to draw on');
  brush.drawImage(picture, 0, 0, width, height);
  brush.fillStyle = '#0a0c0e';
  brush.fillRect(0, height, width, band);
  brush.fillStyle = '#e9edf0';
  brush.font = `${Math.round(band * 0.6)}px sans-serif`;
  brush.textBaseline = 'middle';
  brush.fillText(`${name}  ${time}`, band * 0.4, height + band / 2, width - band * 0.8);
  return canvas;
}

/**
 * Keeps the frame that is shown as a JPEG file, with name and time burnt in below it.
 * @returns the name of the file
 * @throws Error when the browser does not give the picture out
 */
export async function keepSnapshot(
  picture: HTMLVideoElement | HTMLImageElement,
  caption: Caption,
): Promise<string> {
  const canvas = draw(picture, caption);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', 0.92);
  });
  if (!blob) throw new Error('the picture could not be written as JPEG');
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = snapshotName(caption);
  link.click();
  // The browser reads it after this task.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return link.download;
}
