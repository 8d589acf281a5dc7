import { imageSize } from "../db/image_sizes.ts";
import type { Shots } from "../views/shots.tsx";
import { hashOf } from "./assets.ts";
import type { Bytes } from "./codings.ts";

const folder = new URL("../static/help/", import.meta.url);

type Read = { shots: Shots; files: Map<string, Bytes> };
let read: Promise<Read> | undefined;

/** The pictures of the guides and their files by address: read once, when somebody first wants them. */
export const readShots = (): Promise<Read> => read ??= readAll();

async function readAll(): Promise<Read> {
  const shots: Shots = new Map();
  const files = new Map<string, Bytes>();
  for await (const { name: file } of Deno.readDir(folder)) {
    const [, name = "", scheme] = file.match(/^([\w-]+)\.(light|dark)\.webp$/) ?? [];
    if (scheme !== "light" && scheme !== "dark") continue;
    const bytes = await Deno.readFile(new URL(file, folder));
    const address = `/static/help/${name}.${scheme}.${await hashOf(bytes)}.webp`;
    files.set(address, bytes);
    const size = imageSize("image/webp", bytes) ?? { width: 0, height: 0 };
    const shot = shots.get(name) ?? { light: address, dark: address, ...size };
    shots.set(name, { ...shot, [scheme]: address });
  }
  return { shots, files };
}
