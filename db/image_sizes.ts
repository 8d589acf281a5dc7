/** Pixels across and down. */
export type ImageSize = { width: number; height: number };

/** What a browser draws without harm: a head of a few bytes may promise more than any memory holds. */
const MOST_PIXELS = 50_000_000;

/** The size a picture's head tells; none for another kind of file, a broken head, or one beyond 50 megapixels. */
export function imageSize(type: string, bytes: Uint8Array): ImageSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const size = readers[type]?.(view);
    if (!size || size.width * size.height === 0) return undefined;
    return size.width * size.height > MOST_PIXELS ? undefined : size;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Each reads at fixed places, and past the end throws a RangeError. */
const readers: Record<string, (view: DataView) => ImageSize | undefined> = {
  /** https://www.w3.org/TR/png-3/#11IHDR */
  "image/png": (view) => ({ width: view.getUint32(16), height: view.getUint32(20) }),
  /** https://www.w3.org/Graphics/GIF/spec-gif89a.txt, section 18 */
  "image/gif": (view) => ({ width: view.getUint16(6, true), height: view.getUint16(8, true) }),
  "image/webp": webp,
  "image/jpeg": jpeg,
};

/** https://developers.google.com/speed/webp/docs/riff_container, and RFC 6386 section 9.1 for the oldest kind. */
function webp(view: DataView): ImageSize | undefined {
  const kind = String.fromCharCode(...[12, 13, 14, 15].map((at) => view.getUint8(at)));
  const three = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
  if (kind === "VP8X") return { width: three(24) + 1, height: three(27) + 1 };
  if (kind === "VP8 ") {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (kind !== "VP8L") return undefined;
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: (bits >>> 14 & 0x3fff) + 1 };
}

/** The frame's head lies behind other segments: https://www.w3.org/Graphics/JPEG/itu-t81.pdf, B.2.2 */
function jpeg(view: DataView): ImageSize | undefined {
  for (let at = 2; view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) {
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    } else at += 2 + view.getUint16(at + 2);
  }
}

/** C0 to CF begin frames, but for the three among them that hold tables. */
const isFrame = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
