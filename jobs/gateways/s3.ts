import { Problem } from "../../db/problem.ts";
import type { Bucket } from "../../db/stored_files.ts";
import { Turns } from "../../db/turns.ts";
import type { Config } from "../config.ts";
import { log, nameOf } from "../log.ts";

/** Milliseconds until an answer begins, and how often a request is made that met a fault of theirs. */
type Patience = { wait: number; tries: number };
const PATIENCE = { wait: 20_000, tries: 2 };
/** The SHA-256 of nothing. */
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/** A file that leaves is in memory twice: not many do so at once. */
const lanes = new Turns(1);

/** The bucket that files are kept in, by the interface of Amazon S3 that others speak too; null without one. */
export function createBucket({ s3 }: Pick<Config, "s3">, patience = PATIENCE): Bucket | null {
  if (!s3) return null;
  const ask = asker(s3, patience);
  return {
    put: async (file, body) => {
      const headers = {
        "Content-Type": file.type,
        "Content-Disposition": "attachment",
        "X-Amz-Content-Sha256": file.sha256,
      };
      const done = await lanes.take(1);
      try {
        await emptied(await ask(file.id, { method: "PUT", body, headers }));
      } finally {
        done();
      }
    },
    open: async (id) => {
      const { body } = await ask(id, { method: "GET" });
      return body ?? ReadableStream.from([]);
    },
    remove: async (id) => await emptied(await ask(id, { method: "DELETE" }, [404])),
  };
}

const emptied = async (answer: Response) => void await answer.body?.cancel();

type Asked = { method: string; body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> };

/** Asks for an object, signed by https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function asker({ url, region, keyId, secret }: NonNullable<Config["s3"]>, patience: Patience) {
  const keys = { accessKeyId: keyId, secretAccessKey: secret, region, service: "s3" };
  return async (id: string, { method, body, headers }: Asked, fine: number[] = []) => {
    const { AwsV4Signer } = await import("aws4fetch");
    const object = { method, url: `${url}/${id}` };
    const named = { "X-Amz-Content-Sha256": EMPTY, ...headers };
    for (let attempt = 1;; attempt++) {
      const signed = await new AwsV4Signer({ ...keys, ...object, headers: named }).sign();
      const answer = await answerTo(
        signed.url,
        { method, headers: signed.headers, body },
        patience,
      );
      if (answer instanceof Response && (answer.ok || fine.includes(answer.status))) return answer;
      const why = await wordOf(answer);
      if (attempt < patience.tries && /^(5..|429|\D.*)$/.test(why)) continue;
      log("error", "bucket", { method, why });
      throw away();
    }
  };
}

/** The answer as soon as it begins, or in one word why there is none. */
async function answerTo(
  url: URL,
  request: RequestInit,
  { wait }: Patience,
): Promise<Response | string> {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), wait);
  try {
    return await fetch(url, { ...request, signal: end.signal, redirect: "error" });
  } catch (error) {
    return end.signal.aborted ? "timeout" : nameOf(error);
  } finally {
    clearTimeout(timer);
  }
}

async function wordOf(answer: Response | string): Promise<string> {
  if (typeof answer === "string") return answer;
  await emptied(answer);
  return String(answer.status);
}

const away = () =>
  new Problem(
    "unavailable",
    "We cannot reach our store of files right now. Try again in a minute.",
  );
