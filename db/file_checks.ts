import type { Hash } from "node:crypto";
import { type ImageSize, imageSize } from "./image_sizes.ts";
import { Problem } from "./problem.ts";

/** The most bytes one file may have. */
export const MAX_FILE = 10 * 1024 * 1024;
const MAX_NAME = 100;

/** What may be kept: by content, with the endings that a name may have then, and the same in words. */
export type Kinds = { endings: Record<string, string[]>; words: string };
/** What is known of a file once all of it was read. */
export type Checked = {
  name: string;
  type: string;
  size: number;
  /** Of its bytes, in hexadecimal. */
  sha256: string;
  /** Where it is a picture whose head tells it. */
  picture?: ImageSize;
};

/**
 * Reads a file block by block: its type from its first bytes, its name cleaned. Throws `invalid` on the field
 * `file` as soon as it is too large, of another kind, or not what its name says.
 */
class FileCheck {
  readonly name: string;
  #size = 0;
  #type = "";
  #picture: ImageSize | undefined;
  #text: TextDecoder | undefined;

  constructor(sent: string, readonly kinds: Kinds, readonly hash: Hash) {
    this.name = cleanName(sent);
  }

  /** The first block is the whole file, or enough of it to tell what it is. */
  async add(block: Uint8Array) {
    if (this.#size === 0) await this.#recognise(block);
    this.#size += block.length;
    if (this.#size > MAX_FILE) {
      throw refused("This file is larger than 10 MB. Send a smaller copy of it.");
    }
    if (this.#text && !isText(this.#text, block)) throw this.#otherKind();
    this.hash.update(block);
  }

  /** What the file is. */
  end(): Checked {
    if (this.#size === 0) throw refused("This file is empty. Choose it once more.");
    if (this.#text && !isText(this.#text)) throw this.#otherKind();
    const sha256 = this.hash.digest("hex");
    const picture = this.#picture;
    return { name: this.name, type: this.#type, size: this.#size, sha256, picture };
  }

  /** A file that breaks off while its head is read proves no type. */
  async #recognise(head: Uint8Array) {
    const { fileTypeFromBuffer } = await import("file-type");
    const found = await fileTypeFromBuffer(head);
    this.#type = found?.mime ?? "text/plain";
    const ending = this.name.slice(this.name.lastIndexOf(".") + 1).toLowerCase();
    if (!this.kinds.endings[this.#type]?.includes(ending)) throw this.#otherKind();
    if (!found) this.#text = new TextDecoder("utf-8", { fatal: true });
    this.#picture = imageSize(this.#type, head);
  }

  #otherKind = () =>
    refused(`This is not a ${this.kinds.words} file, or its name ends differently.`);
}

/** A check of a file called `name` by the one who sends it. */
export async function beginCheck(name: string, kinds: Kinds): Promise<FileCheck> {
  const { createHash } = await import("node:crypto");
  return new FileCheck(name, kinds, createHash("sha256"));
}

const refused = (message: string) => new Problem("invalid", message, "file");

/** Text is UTF-8, and holds nothing that only machines read. Without a block: whether it may end here. */
function isText(decoder: TextDecoder, block?: Uint8Array): boolean {
  try {
    const text = decoder.decode(block, { stream: block !== undefined });
    // deno-lint-ignore no-control-regex
    return !/[\x00-\x08\x0e-\x1f\x7f]/.test(text);
  } catch {
    return false;
  }
}

/**
 * A name that shows what it is: no folders, no letters that are invisible, break a line or turn the text
 * around, and short, with its ending kept.
 */
export function cleanName(sent: string): string {
  const base = sent.normalize("NFC").replace(/^.*[/\\]/s, "");
  const name = base.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, "").replace(/\s+/g, " ").trim();
  const dot = name.lastIndexOf(".");
  const ending = dot < 0 ? "" : name.slice(dot).slice(0, 10);
  const stem = (dot < 0 ? name : name.slice(0, dot)).trim() || "file";
  return Array.from(stem).slice(0, MAX_NAME - ending.length).join("") + ending;
}
