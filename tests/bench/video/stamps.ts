/**
 * Writes raw pictures (yuv420p, 640 × 360, 15 a second) to standard output. The top rows of each hold the time at which
 * it was made: 32 blocks, black or white, of Date.now() modulo 2^32, the highest bit first.
 */
const WIDTH = 640;
const HEIGHT = 360;
const FPS = 15;
const ROWS = 24;
const BLOCK = WIDTH / 32;
const WHITE = 235;
const BLACK = 16;

/** A texture with enough in it to give the encoder work. */
const scene = Buffer.alloc((WIDTH * HEIGHT * 3) / 2, 128);
for (let y = 0; y < HEIGHT; y += 1)
  for (let x = 0; x < WIDTH; x += 1) scene[y * WIDTH + x] = 40 + ((x * 3 + y * 2) % 160);

function picture(index: number): Buffer {
  const made = Buffer.from(scene);
  const shift = (index * 2) % WIDTH;
  for (let y = ROWS; y < HEIGHT; y += 1) scene.copy(made, y * WIDTH, y * WIDTH + shift, (y + 1) * WIDTH);
  const [left, top] = [(index * 7) % (WIDTH - 80), 60 + ((index * 3) % (HEIGHT - 160))];
  for (let y = top; y < top + 80; y += 1) made.fill(WHITE, y * WIDTH + left, y * WIDTH + left + 80);
  const now = Date.now() >>> 0;
  for (let bit = 0; bit < 32; bit += 1) {
    const shade = ((now >>> (31 - bit)) & 1) === 1 ? WHITE : BLACK;
    for (let y = 0; y < ROWS; y += 1)
      made.fill(shade, y * WIDTH + bit * BLOCK, y * WIDTH + (bit + 1) * BLOCK);
  }
  return made;
}

const began = performance.now();
function next(index: number): void {
  process.stdout.write(picture(index));
  setTimeout(() => next(index + 1), Math.max(0, began + ((index + 1) * 1000) / FPS - performance.now()));
}
process.stdout.on('error', () => process.exit(0));
next(0);
