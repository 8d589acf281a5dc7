import { Problem } from "../db/problem.ts";
import { drain } from "./bodies.ts";

/** A field of a form; `file` is the name of the file in it, where it is one. */
export type Part = { name: string; file?: string; bytes: AsyncGenerator<Uint8Array> };

/** The most bytes of a field's head, and the most fields. */
const MAX_HEAD = 4096;
const MAX_PARTS = 50;

const encode = (text: string) => new TextEncoder().encode(text);

/** What parts the fields of a form that is sent as multipart/form-data; null of any other. */
export function boundaryOf(contentType = ""): string | null {
  const found =
    /^multipart\/form-data\s*;.*?\bboundary=(?:"([^"]{1,70})"|([^\s;"]{1,70})(?=[\s;]|$))/i;
  const [, quoted, plain] = contentType.match(found) ?? [];
  return quoted ?? plain ?? null;
}

/**
 * The fields of a form as they come, each read before the next, and their bytes in pieces that are good until the
 * next: no more of the form is in memory than came last. https://datatracker.ietf.org/doc/html/rfc7578, and for the names
 * https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data
 */
export async function* partsOf(
  body: AsyncGenerator<Uint8Array>,
  boundary: string,
): AsyncGenerator<Part> {
  const input = new Input(body);
  const mark = encode(`\r\n--${boundary}`);
  await drain(input.until(mark));
  for (let n = 0, next = await input.text(2); next !== "--"; n++, next = await input.text(2)) {
    if (n >= MAX_PARTS || next !== "\r\n") throw broken();
    const head = await headOf(input);
    input.passed = false;
    yield { ...head, bytes: input.until(mark) };
    if (!input.passed) await drain(input.until(mark));
  }
  await drain(body);
}

async function headOf(input: Input) {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of input.until(encode("\r\n\r\n"))) {
    size += piece.length;
    if (size > MAX_HEAD) throw broken();
    pieces.push(piece.slice());
  }
  const head = await new Blob(pieces as BlobPart[]).text();
  const line = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  const name = parameter(line, "name");
  if (name === undefined) throw broken();
  return { name, file: parameter(line, "filename") };
}

/** What a browser writes as %22, %0D and %0A, because its own letters would end the name. */
function parameter(line: string, name: string): string | undefined {
  const [, value] = new RegExp(`[;\\s]${name}="((?:\\\\"|[^"])*)"`, "i").exec(line) ?? [];
  return value?.replace(
    /%(22|0D|0A)|\\"/gi,
    (code) => code === '\\"' ? '"' : String.fromCharCode(parseInt(code.slice(1), 16)),
  );
}

/** Bytes that are looked through for marks, in one place that is used again and again. */
class Input {
  #room = new Uint8Array(128 * 1024);
  /** What is not passed yet. The first field begins as if a line had ended before it. */
  #held = encode("\r\n");
  /** Whether the last `until` has reached its mark. */
  passed = false;

  constructor(readonly source: AsyncIterator<Uint8Array>) {}

  /** All up to `mark`, which is passed. */
  async *until(mark: Uint8Array): AsyncGenerator<Uint8Array> {
    this.passed = false;
    for (;;) {
      const at = indexOf(this.#held, mark);
      // Without the mark, its beginning may still be at the end.
      const end = at < 0 ? this.#held.length - mark.length + 1 : at;
      const found = this.#held.subarray(0, Math.max(0, end));
      this.#held = this.#held.subarray(at < 0 ? found.length : at + mark.length);
      this.passed = at >= 0;
      if (found.length > 0) yield found;
      if (this.passed) return;
      await this.#more();
    }
  }

  async text(length: number): Promise<string> {
    while (this.#held.length < length) await this.#more();
    const text = new TextDecoder().decode(this.#held.subarray(0, length));
    this.#held = this.#held.subarray(length);
    return text;
  }

  async #more() {
    const { done, value } = await this.source.next();
    if (done) throw broken();
    const rest = this.#held;
    const size = rest.length + value.length;
    if (this.#room.length < size) this.#room = new Uint8Array(2 * size);
    this.#room.set(rest);
    this.#room.set(value, rest.length);
    this.#held = this.#room.subarray(0, size);
  }
}

function indexOf(bytes: Uint8Array, mark: Uint8Array): number {
  const [first = 0] = mark;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + mark.length > bytes.length) return -1;
    if (mark.every((byte, n) => bytes[at + n] === byte)) return at;
  }
  return -1;
}

const broken = () =>
  new Problem("invalid", "This form arrived damaged, so nothing was saved. Send it once more.");
