import { assertEquals } from "@std/assert";
import { imageSize } from "../../db/image_sizes.ts";
import { files } from "../files.ts";

/** Bytes with others at these places. */
function bytes(length: number, places: Record<number, number[] | string>): Uint8Array {
  const made = new Uint8Array(length);
  for (const [at, what] of Object.entries(places)) {
    made.set(typeof what === "string" ? new TextEncoder().encode(what) : what, Number(at));
  }
  return made;
}

Deno.test("imageSize() reads what each kind of head tells, and takes none for what tells none", () => {
  const frame = (marker: number) => [0xff, marker, 0, 17, 8, 1, 0xe0, 2, 0x80];
  const size = { width: 640, height: 480 };
  const told: [type: string, bytes: Uint8Array, size: typeof size | undefined][] = [
    ["image/png", files.png, { width: 1, height: 1 }],
    ["image/gif", bytes(13, { 0: "GIF89a", 6: [0x80, 2, 0xe0, 1] }), size],
    ["image/webp", bytes(30, { 12: "VP8X", 24: [0x7f, 2, 0, 0xdf, 1, 0] }), size],
    ["image/webp", bytes(30, { 12: "VP8 ", 26: [0x80, 2, 0xe0, 1] }), size],
    ["image/webp", bytes(30, { 12: "VP8L", 21: [0x7f, 0xc2, 0x77, 0] }), size],
    ["image/webp", bytes(30, { 12: "VP9 " }), undefined],
    ["image/jpeg", bytes(40, { 0: [255, 216, 255, 224, 0, 6], 10: [255], 11: frame(0xc2) }), size],
    ["image/jpeg", bytes(40, { 0: [255, 216, 255, 196, 0, 4], 8: frame(0xc0) }), size],
    ["image/jpeg", files.jpg, undefined],
    ["image/jpeg", bytes(9, { 0: [255, 216, 255, 224, 255, 255] }), undefined],
    ["image/png", files.png.slice(0, 20), undefined],
    ["image/png", bytes(24, { 16: [0, 0, 0x9c, 0x40, 0, 0, 0x9c, 0x40] }), undefined],
    ["image/gif", bytes(13, { 0: "GIF89a" }), undefined],
    ["application/pdf", files.pdf, undefined],
  ];
  for (const [n, [type, head, size]] of told.entries()) {
    assertEquals([n, imageSize(type, head)], [n, size]);
  }
});
