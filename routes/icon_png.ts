import { crc32, deflateSync } from "node:zlib";
import type { Bytes } from "./codings.ts";

type Colour = [red: number, green: number, blue: number];

/** The sign on its field of 512 by 512 and half the width of its line, as static/icon.svg has them. */
const SIGN = [[152, 262], [224, 336], [360, 178]] as const;
const HALF = 23;
const INK: Colour = [0xfd, 0xfc, 0xfa];

/** The icon for devices that take no SVG, `size` pixels square, on a field of `colour` (#rrggbb). */
export function iconPng(size: number, colour: string): Bytes {
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, size);
  head.setUint32(4, size);
  // Eight bits for each of red, green and blue: https://www.w3.org/TR/png-3/#11IHDR
  head.setUint16(8, 0x0802);
  return joined([
    ...[Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
    chunk("IHDR", new Uint8Array(head.buffer)),
    chunk("IDAT", deflateSync(pixels(size, colourOf(colour)))),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** Rows of pixels, before each a zero: it is not predicted from others. */
function pixels(size: number, field: Colour): Uint8Array {
  const rows = new Uint8Array(size * (1 + 3 * size));
  const step = 512 / size;
  for (let y = 0, at = 0; y < size; y++) {
    at++;
    for (let x = 0; x < size; x++, at += 3) {
      const share = inked((x + 0.5) * step, (y + 0.5) * step, step);
      field.forEach((value, n) => rows[at + n] = value + ((INK[n] ?? 0) - value) * share);
    }
  }
  return rows;
}

/** How much of the pixel at a point is ink, from 0 to 1, where a pixel is `step` wide. */
function inked(x: number, y: number, step: number): number {
  const [a, b, c] = SIGN;
  const distance = Math.min(away(x, y, a, b), away(x, y, b, c));
  return Math.min(1, Math.max(0, (HALF - distance) / step + 0.5));
}

type Point = readonly [x: number, y: number];

/** From a point to the nearest one between `a` and `b`. */
function away(x: number, y: number, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy);
}

/** https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunk(name: string, data: Uint8Array): Uint8Array {
  const named = joined([new TextEncoder().encode(name), data]);
  const [length, sum] = [new DataView(new ArrayBuffer(4)), new DataView(new ArrayBuffer(4))];
  length.setUint32(0, data.length);
  sum.setUint32(0, crc32(named));
  return joined([new Uint8Array(length.buffer), named, new Uint8Array(sum.buffer)]);
}

function joined(parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const colourOf = (hex: string): Colour =>
  [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Colour;
