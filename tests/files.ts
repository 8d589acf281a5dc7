const text = (words: string) => new TextEncoder().encode(words);
const joined = (...parts: (number[] | Uint8Array)[]) =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const pngHead = [137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82];

/** Files of a few bytes that readers take for what they are. */
export const files = {
  pdf: text("%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"),
  png: joined(
    pngHead,
    [0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 31, 21, 196, 137],
    text("\0\0\0\0IDAT"),
  ),
  jpg: joined([255, 216, 255, 224, 0, 16], text("JFIF\0"), [1, 1, 0, 0, 1, 0, 1, 0, 0, 255, 217]),
  gif: text("GIF89a/*\x01\0\x01\0*/=1;alert(1)"),
  zip: joined([80, 75, 3, 4, 20, 0, 0, 0, 0, 0], new Uint8Array(20)),
  svg: text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"></svg>'),
  html: text("<!doctype html><script>alert(1)</script>"),
  exe: joined([77, 90, 144, 0, 3, 0, 0, 0], new Uint8Array(64)),
};

/** The bytes of `file`, filled up to `size`. */
export function filled(file: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  bytes.set(file);
  return bytes;
}
