import { createHash, createHmac } from "node:crypto";

const KEYS = { keyId: "AKIDCONNECTPRO", secret: "a secret/with+signs==", region: "eu-central-1" };

export type S3Server = AsyncDisposable & {
  /** What an app needs to keep files there. */
  env: Record<string, string>;
  objects: Map<string, { bytes: Uint8Array; type: string }>;
  /** Requests whose signature or body was not what it said. */
  refused: number;
  /** How it answers everything, where not as it should: a status, or never. */
  fault: number | "silence" | null;
};

/** A bucket on this machine that checks each signature by the book, with nothing of the library that made it. */
export function startS3(): S3Server {
  const objects: S3Server["objects"] = new Map();
  const silence = Promise.withResolvers<void>();
  const server: { state?: S3Server } = {};
  const running = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const state = server.state as S3Server;
    const bytes = await request.bytes();
    if (state.fault === "silence") await silence.promise;
    if (typeof state.fault === "number") return new Response("<Error/>", { status: state.fault });
    if (!isSigned(request, bytes)) {
      state.refused++;
      return new Response("<Error><Code>SignatureDoesNotMatch</Code></Error>", { status: 403 });
    }
    return answer(request, bytes, objects);
  });
  const env = {
    S3_ENDPOINT: `http://127.0.0.1:${running.addr.port}/`,
    S3_REGION: KEYS.region,
    S3_BUCKET: "agency-files",
    S3_ACCESS_KEY_ID: KEYS.keyId,
    S3_SECRET_ACCESS_KEY: KEYS.secret,
  };
  const stop = async () => {
    silence.resolve();
    await running.shutdown();
  };
  return server.state = {
    ...{ env, objects, refused: 0, fault: null, [Symbol.asyncDispose]: stop },
  };
}

function answer(request: Request, bytes: Uint8Array, objects: S3Server["objects"]): Response {
  const key = new URL(request.url).pathname.replace(/^\/agency-files\//, "");
  const found = objects.get(key);
  if (request.method === "PUT") {
    objects.set(key, { bytes, type: request.headers.get("content-type") ?? "" });
    return new Response(null);
  }
  if (request.method === "DELETE") {
    objects.delete(key);
    return new Response(null, { status: 204 });
  }
  if (!found) return new Response("<Error><Code>NoSuchKey</Code></Error>", { status: 404 });
  return new Response(found.bytes as Uint8Array<ArrayBuffer>);
}

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Uint8Array, text: string) =>
  createHmac("sha256", key).update(text).digest();

/**
 * Signature version 4 in the Authorization header, step by step as in
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
function isSigned(request: Request, body: Uint8Array): boolean {
  const { method, headers } = request;
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
  const [, keyId, day = "", region = "", names = "", signature] =
    form.exec(headers.get("authorization") ?? "") ?? [];
  const [date = "", hash = ""] = [headers.get("x-amz-date"), headers.get("x-amz-content-sha256")]
    .map((value) => value ?? "");
  const signed = names.split(";");
  if (keyId !== KEYS.keyId || region !== KEYS.region || !date.startsWith(day)) return false;
  if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => signed.includes(name))) {
    return false;
  }
  if (hash !== sha256(body)) return false;
  const { pathname, searchParams } = new URL(request.url);
  const path = pathname.split("/").map((part) => encodeURIComponent(decodeURIComponent(part)));
  const query = [...searchParams].map((pair) => pair.map(encodeURIComponent).join("=")).sort();
  const canonical = [
    ...[method, path.join("/"), query.join("&")],
    ...signed.map((name) => `${name}:${(headers.get(name) ?? "").trim()}`),
    ...["", names, hash],
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n");
  const key = [region, "s3", "aws4_request"].reduce<Uint8Array>(
    hmac,
    hmac(`AWS4${KEYS.secret}`, day),
  );
  return hmac(key, text).toString("hex") === signature;
}
