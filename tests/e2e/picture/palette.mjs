// A screenshot as a PNG of 256 colours: a third of its bytes, and nobody sees the difference.

import { crc32, deflateSync } from "node:zlib";

const COLOURS = 256;

/** Runs in the page: the picture's pixels, as places in a palette of its most frequent colours. */
async function indexed({ url, most }) {
  const picture = await createImageBitmap(await (await fetch(url)).blob());
  const { width, height } = picture;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const pixels = new Uint32Array(data.buffer);
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const colours = [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one));
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255];
  const palette = colours.slice(0, most).map(parts);
  const places = new Map(
    colours.map((colour, rank) => {
      if (rank < most) return [colour, rank];
      const [red, green, blue] = parts(colour);
      const far = palette.map(([r, g, b]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2);
      return [colour, far.indexOf(Math.min(...far))];
    }),
  );
  return { width, height, palette, rows: Array.from(pixels, (pixel) => places.get(pixel)) };
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const piece = Buffer.alloc(body.length + 8);
  piece.writeUInt32BE(content.length);
  body.copy(piece, 4);
  piece.writeUInt32BE(crc32(body), body.length + 4);
  return piece;
}

/** `page` is any page that may make pictures of data. */
export async function withPalette(page, png) {
  const url = `data:image/png;base64,${png.toString("base64")}`;
  const { width, height, palette, rows } = await page.evaluate(indexed, { url, most: COLOURS });
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  // Eight bits for each pixel, which is a place in the palette.
  head.set([8, 3], 8);
  const lines = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row++) lines.set(rows.slice(row * width, (row + 1) * width), row * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", deflateSync(lines, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
