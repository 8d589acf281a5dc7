import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { sweepFiles } from "../../db/file_sweep.ts";
import {
  chatAttachments,
  chatMessages,
  fileChunks,
  looseFiles,
  storedFiles,
} from "../../db/schema.ts";
import { createBucket } from "../../jobs/gateways/s3.ts";
import { MAX_FILE } from "../../db/file_checks.ts";
import { bookingIn } from "../cast.ts";
import { files, filled } from "../files.ts";
import { assertNothingWritten, assertUnknown } from "../pages.ts";
import { assertProblem } from "../problems.ts";
import { type S3Server, startS3 } from "../s3_server.ts";
import type { Visitor } from "../visitor.ts";
import { openWorld, type World } from "../world.ts";

const words = (text: string) => new TextEncoder().encode(text);
const png = (width: number, height: number) => {
  const bytes = files.png.slice();
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
};

async function chatIn(world: World) {
  const { booking: { reference } } = await bookingIn(world.cast, "in_progress");
  return { client: `/bookings/${reference}/chat`, admin: `/admin/bookings/${reference}/chat` };
}

type Sent = { body?: string; id?: string; json?: boolean; files: [string, Uint8Array][] };

function send(who: Visitor, chat: string, { body = "", id = "", json, files }: Sent) {
  const form = new FormData();
  form.set("body", body);
  form.set("client_id", id);
  for (const [name, bytes] of files) {
    form.append("file", new File([bytes as Uint8Array<ArrayBuffer>], name));
  }
  const headers: Record<string, string> = { Origin: who.url };
  if (json) headers.Accept = "application/json";
  return who.send(`${chat}/messages`, { method: "POST", body: form, headers });
}

Deno.test("T-UPLOAD: files go with a message, once, to both sides of their room and to nobody else", async () => {
  await using world = await openWorld();
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const chat = await chatIn(world);
  const sent: [string, Uint8Array][] = [
    ["plan.png", png(640, 480)],
    ["März 2\u202e.pdf", files.pdf],
    ["notes.txt", words("Grüße\r\n<script>alert(1)</script>")],
    ["a.gif", files.gif],
    ["bomb.png", png(60_000, 60_000)],
  ];
  const answers = await Promise.all(
    [1, 2, 3].map(() => send(alice, chat.client, { id: "one", files: sent })),
  );
  assertEquals(answers.map(({ status }) => status), [303, 303, 303]);
  const [message, ...more] = await world.db.select().from(chatMessages);
  assertEquals([message?.body, message?.files.length, more.length], ["", 5, 0]);
  assertEquals((await world.db.select().from(chatAttachments)).length, 5);
  assertEquals((await world.db.select().from(fileChunks)).length, 5);

  const types = ["image/png", "application/pdf", "text/plain", "image/gif", "image/png"];
  for (const [who, at] of [[alice, chat.client], [ada, chat.admin]] as const) {
    const { text } = await who.get(at);
    for (const [n, { id, name }] of message?.files.entries() ?? []) {
      assertStringIncludes(text, `<bdi>${name}</bdi>`);
      assertStringIncludes(text, `href="chat/files/${id}"`);
      for (const asked of ["", "?inline"]) {
        const response = await who.open(`${at}/files/${id}${asked}`);
        assertEquals(new Uint8Array(await response.arrayBuffer()), sent[n]?.[1]);
        const shown = asked && ["plan.png", "a.gif"].includes(name) ? "inline" : "attachment";
        assertMatch(response.headers.get("content-disposition") ?? "", new RegExp(`^${shown}; `));
        const headers = [
          ...["content-type", "content-security-policy", "x-content-type-options"],
          ...["cross-origin-resource-policy", "cache-control"],
        ].map((header) => response.headers.get(header));
        assertEquals(headers, [
          ...[types[n], "sandbox; default-src 'none'", "nosniff", "same-origin"],
          "private, no-store",
        ]);
      }
    }
    assertStringIncludes(text, `?inline" alt="" width="640" height="480"`);
    assertEquals(text.match(/<img /g)?.length, 2, "what would fill the memory is not drawn");
  }

  const [bob, { visitor: agent }] = [await world.signedIn("bob"), await world.hired("agent")];
  const id = message?.files[0]?.id;
  const other = await chatIn(world);
  await assertUnknown(bob, await bob.get(`${chat.client}/files/${id}`));
  await assertUnknown(agent, await agent.get(`${chat.admin}/files/${id}`));
  await assertUnknown(alice, await alice.get(`${other.client}/files/${id}`));
  await assertUnknown(alice, await alice.get(`${chat.client}/files/x`));
  assertEquals((await world.stranger().get(`${chat.client}/files/${id}`)).status, 303);

  const gone = await alice.post(`${chat.client}/messages/${message?.id}/deletion`, {});
  assertEquals(gone.status, 303);
  await assertUnknown(ada, await ada.get(`${chat.admin}/files/${id}`));
  assert(!(await ada.get(chat.admin)).text.includes("plan.png"));
  assertEquals((await world.db.select().from(storedFiles)).length, 0);
  assertEquals((await world.db.select().from(fileChunks)).length, 0);
});

Deno.test("T-UPLOAD: what is not taken comes back by its name, and nothing of its message is kept", async () => {
  await using world = await openWorld();
  const [alice, bob] = [await world.signedIn("alice"), await world.signedIn("bob")];
  const { client } = await chatIn(world);
  const no = "This is not a PNG, JPEG, WebP, GIF, PDF or text file, or its name ends differently.";
  const corpus: [string, Uint8Array, string][] = [
    ...([
      ["drawing.svg", files.svg],
      ["photo.png", files.html],
      ["page.html", files.html],
      ["photo.jpg", files.gif],
      ["report.pdf", files.zip],
      ["letter.docx", files.zip],
      ["photo.png", files.png.slice(0, 8)],
      ["plan.txt", files.pdf],
      ["run.txt", files.exe],
      ["latin.txt", new Uint8Array([71, 114, 252, 223, 101])],
      ["nul.txt", words("a\0b")],
      ["receipt\u202etxt.exe", words("text")],
    ] as [string, Uint8Array][]).map(([name, bytes]): [string, Uint8Array, string] => [
      ...[name, bytes] as const,
      `${name.replace("\u202e", "")}: ${no}`,
    ]),
    ["void.pdf", new Uint8Array(0), "void.pdf: This file is empty."],
    ["big.pdf", filled(files.pdf, MAX_FILE + 1), "big.pdf: This file is larger than 10 MB."],
  ];
  const good: [string, Uint8Array] = ["good.pdf", files.pdf];

  await assertNothingWritten(world, async () => {
    for (const [name, bytes, sentence] of corpus) {
      const wrong = { body: "With <this>.", files: [good, [name, bytes]] as Sent["files"] };
      const answer = await send(alice, client, wrong);
      assertEquals([name, answer.status], [name, 422]);
      assertStringIncludes(answer.text, sentence);
      assertStringIncludes(answer.text, "With &lt;this&gt;.");
    }
    const said = await send(alice, client, { json: true, files: [["a.svg", files.svg]] });
    assertEquals([said.status, JSON.parse(said.text).detail], [422, `a.svg: ${no}`]);
    const six = await send(alice, client, { files: Array.from({ length: 6 }, () => good) });
    assertEquals(six.status, 422);
    assertStringIncludes(six.text, "Send at most five files with one message.");
    assertEquals((await alice.post(`${client}/messages`, { body: "", file: "a" })).status, 422);
    assertEquals((await send(alice, client, { files: [] })).status, 422);
    assertEquals((await send(bob, client, { files: [good] })).status, 404);
    const huge = filled(files.pdf, MAX_FILE * 5 + 300_000);
    assertEquals((await send(alice, client, { files: [["h.pdf", huge]] })).status, 413);
  });
});

Deno.test("T-UPLOAD: a room keeps 200 MB of files, however many come at once, and is freed by deleting", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { client, admin } = await chatIn(world);
  const first = { id: "first", files: [["a.pdf", files.pdf]] as Sent["files"] };
  await send(alice, client, first);
  const [message] = await world.db.select().from(chatMessages);
  const [file] = message?.files ?? [];
  const fill = async (n: number, size: number) => {
    const id = `filler ${n}`;
    const { roomId = 0, id: messageId = 0 } = message ?? {};
    await world.db.insert(storedFiles).values({
      ...{ id, name: "x.pdf", type: "application/pdf", size, sha256: "", createdAt: 0 },
    });
    const place = { fileId: id, roomId, messageId: messageId, position: 0 };
    const [own] = await world.db.insert(chatMessages).values({
      ...{ roomId, authorKind: "client", authorId: 1, authorName: "Alice", body: "x" },
      ...{ clientId: id, createdAt: 0 },
    }).returning();
    await world.db.insert(chatAttachments).values({ ...place, messageId: own?.id ?? 0 });
  };
  for (let n = 0; n < 19; n++) await fill(n, MAX_FILE);
  const size = 1000;
  await fill(19, MAX_FILE - (file?.size ?? 0) - 3 * size);

  const more = Array.from({ length: 5 }, (_, n) => ({
    ...{ body: "More.", id: `more ${n}`, json: true },
    files: [["b.pdf", filled(files.pdf, size)]] as Sent["files"],
  }));
  const ada = await world.signedIn("ada");
  const answers = await Promise.all(
    more.map((one, n) => n < 3 ? send(alice, client, one) : send(ada, admin, one)),
  );
  assertEquals(answers.map(({ status }) => status).sort(), [200, 200, 200, 422, 422]);
  const refused = answers.find(({ status }) => status === 422);
  assertStringIncludes(refused?.text ?? "", "The files of this conversation reach 200 MB.");
  assertEquals((await world.db.select().from(chatAttachments)).length, 24);
  assertEquals((await world.db.select().from(storedFiles)).length, 24);

  await alice.post(`${client}/messages/${message?.id}/deletion`, {});
  const small = { id: "now", files: [["c.txt", words("It fits.")]] as Sent["files"] };
  assertEquals((await send(alice, client, small)).status, 303);
});

Deno.test("T-UPLOAD: five files of 10 MB arrive byte for byte on a server too", async () => {
  await using world = await openWorld({ kind: "sqld" });
  const alice = await world.signedIn("alice");
  const { client } = await chatIn(world);
  const bytes = filled(files.pdf, MAX_FILE);
  for (let at = 100; at < bytes.length; at += 4099) bytes[at] = at % 251;
  const five = Array.from({ length: 5 }, (_, n): [string, Uint8Array] => [`${n}.pdf`, bytes]);
  assertEquals((await send(alice, client, { files: five })).status, 303);
  const [message] = await world.db.select().from(chatMessages);
  const response = await alice.open(`${client}/files/${message?.files[4]?.id}`);
  const back = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  const stored = await world.db.select().from(storedFiles);
  assertEquals(stored.map(({ sha256 }) => sha256), Array(5).fill(new Uint8Array(back).toHex()));
});

const HOUR = 60 * 60_000;
const hashOf = async (bytes: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)).toHex();
const bucketOf = (world: World) => ({ db: world.db, bucket: createBucket(world.config) });

Deno.test("T-UPLOAD: with a bucket the bytes lie there, signed for, and go from there with their message", async () => {
  await using s3 = startS3();
  await using world = await openWorld({ env: s3.env });
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const chat = await chatIn(world);
  const scan = filled(files.pdf, 2 * MAX_FILE / 5);
  for (let at = 100; at < scan.length; at += 4099) scan[at] = at % 251;
  const sent: [string, Uint8Array][] = [["plan.png", png(640, 480)], ["März.pdf", scan]];
  const twice = [1, 2].map(() => send(alice, chat.client, { id: "one", files: sent }));
  assertEquals((await Promise.all(twice)).map(({ status }) => status), [303, 303]);

  const stored = await world.db.select().from(storedFiles);
  assertEquals(stored.map(({ place }) => place), ["bucket", "bucket"]);
  assertEquals(await world.db.select().from(fileChunks), []);
  const [message] = await world.db.select().from(chatMessages);
  for (const [n, { id }] of message?.files.entries() ?? []) {
    const bytes = sent[n]?.[1] ?? new Uint8Array();
    assertEquals(s3.objects.get(id)?.bytes, bytes);
    assertEquals(stored.find((file) => file.id === id)?.sha256, await hashOf(bytes));
    const response = await ada.open(`${chat.admin}/files/${id}`);
    assertEquals(new Uint8Array(await response.arrayBuffer()), bytes);
    assertMatch(response.headers.get("content-disposition") ?? "", /^attachment; /);
    const policy = response.headers.get("content-security-policy");
    assertEquals(policy, "sandbox; default-src 'none'");
  }
  assertStringIncludes((await ada.get(chat.admin)).text, `width="640" height="480"`);

  await alice.post(`${chat.client}/messages/${message?.id}/deletion`, {});
  assertEquals((await world.db.select().from(storedFiles)).length, 0);
  assertEquals(await sweepFiles(bucketOf(world), world.time.now), 4, "the repeat's two as well");
  assertEquals([s3.objects.size, s3.refused], [0, 0]);
  assertEquals(await world.db.select().from(looseFiles), []);
});

const faults: [string, (s3: S3Server) => void][] = [
  ["is away", (s3) => s3.fault = 503],
  ["lets nobody in", (s3) => s3.fault = 403],
];

Deno.test("T-UPLOAD: a bucket that fails is said, nothing is half saved, and what is left is swept", async () => {
  await using s3 = startS3();
  await using world = await openWorld({ env: s3.env });
  const alice = await world.signedIn("alice");
  const { client } = await chatIn(world);
  const message = { id: "kept", json: true, files: [["a.pdf", files.pdf]] as Sent["files"] };
  for (const [how, begin] of faults) {
    begin(s3);
    const answer = await send(alice, client, message);
    assertEquals([how, answer.status], [how, 503]);
    assertEquals(
      JSON.parse(answer.text).detail.slice(0, 36),
      "We cannot reach our store of files r",
    );
    assertEquals(await world.db.select().from(chatMessages), []);
    assertEquals(await world.db.select().from(storedFiles), []);
  }
  assertEquals(await sweepFiles(bucketOf(world), world.time.now), 0);
  assertEquals((await world.db.select().from(looseFiles)).length, 2, "it waits for the bucket");
  s3.fault = null;
  assertEquals(await sweepFiles(bucketOf(world), world.time.now), 2);

  assertEquals((await send(alice, client, message)).status, 200);
  const [file] = await world.db.select().from(storedFiles);
  const open = () => alice.get(`${client}/files/${file?.id}`);
  s3.fault = 500;
  assertEquals((await open()).status, 503);
  s3.fault = null;
  assertEquals((await open()).status, 200);
  s3.objects.clear();
  assertEquals((await open()).status, 503);

  s3.fault = "silence";
  const impatient = createBucket(world.config, { wait: 5, tries: 2 });
  await assertProblem(impatient?.open("any") ?? Promise.resolve(), "unavailable");
  s3.fault = null;
  const thief = { ...world.config.s3, secret: "another" } as typeof world.config.s3;
  await assertProblem(createBucket({ s3: thief })?.remove("any") as Promise<void>, "unavailable");
  assertEquals(s3.refused, 1);
});

Deno.test("T-UPLOAD: bytes that became no file are swept after an hour, those of a file never", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { client } = await chatIn(world);
  await send(alice, client, { id: "kept", files: [["a.pdf", files.pdf]] });
  const left = { id: "left", place: "database" as const, since: world.time.now };
  await world.db.insert(looseFiles).values(left);
  await world.db.insert(fileChunks).values({ fileId: "left", seq: 0, bytes: Buffer.from("a") });

  assertEquals(await sweepFiles(bucketOf(world), world.time.now + HOUR - 1), 0);
  assertEquals(await sweepFiles(bucketOf(world), world.time.now + HOUR), 1);
  assertEquals(await sweepFiles(bucketOf(world), world.time.now + HOUR), 0);
  const [chunk, ...more] = await world.db.select().from(fileChunks);
  assertEquals([chunk?.fileId === "left", more], [false, []]);
});

Deno.test("T-UPLOAD: a form that does not say how large it is is read as far as any may be", async () => {
  await using world = await openWorld();
  const alice = await world.signedIn("alice");
  const { client } = await chatIn(world);
  const stream = (type: string, body: ReadableStream<Uint8Array>) =>
    alice.send(`${client}/messages`, {
      ...{ method: "POST", body },
      headers: { Origin: world.url, "Content-Type": type },
    });
  const form = new FormData();
  form.set("body", "");
  form.append("file", new File([filled(files.pdf, MAX_FILE / 4)], "a.pdf"));
  const sent = new Response(form);
  const type = sent.headers.get("content-type") ?? "";
  assertEquals((await stream(type, sent.body as ReadableStream<Uint8Array>)).status, 303);
  assertEquals((await world.db.select().from(storedFiles)).length, 1);

  await assertNothingWritten(world, async () => {
    const field = `--x\r\nContent-Disposition: form-data; name="body"\r\n\r\n`;
    const endless = [words(field), ...Array.from({ length: 6 }, () => new Uint8Array(64 * 1024))];
    for (const [pieces, status] of [[endless, 413], [[words(field)], 422]] as const) {
      const form = ReadableStream.from(pieces);
      assertEquals((await stream("multipart/form-data; boundary=x", form)).status, status);
    }
  });
});

Deno.test("T-UPLOAD: of one person three uploads arrive at once, and those of others beside them", async () => {
  await using world = await openWorld();
  const [alice, ada] = [await world.signedIn("alice"), await world.signedIn("ada")];
  const chat = await chatIn(world);
  const begin = async (id: string) => {
    const { writable, readable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const field = (name: string) => `--x\r\nContent-Disposition: form-data; name="${name}"`;
    const answer = alice.send(`${chat.client}/messages`, {
      ...{ method: "POST", body: readable },
      headers: { Origin: world.url, "Content-Type": "multipart/form-data; boundary=x" },
    });
    await writer.write(words(`${field("body")}\r\n\r\nSlow.\r\n`));
    await writer.write(words(`${field("client_id")}\r\n\r\n${id}\r\n--x`));
    return { answer, end: () => writer.write(words("--")).then(() => writer.close()) };
  };
  const small = (id: string) => ({ id, files: [["c.txt", words("Short.")]] as Sent["files"] });

  const slow = await Promise.all(["one", "two", "three"].map(begin));
  let fourth = await send(alice, chat.client, small("0"));
  for (let n = 1; fourth.status !== 429; n++) {
    fourth = await send(alice, chat.client, small(String(n)));
  }
  assertEquals(fourth.headers.get("retry-after"), "30");
  assertStringIncludes(fourth.text, "You are sending files three times already.");
  assertEquals((await send(ada, chat.admin, small("hers"))).status, 303);

  await slow[0]?.end();
  assertEquals((await slow[0]?.answer)?.status, 303);
  assertEquals((await send(alice, chat.client, small("at last"))).status, 303);
  await Promise.all(slow.slice(1).map(({ end }) => end()));
  const rest = await Promise.all(slow.slice(1).map(({ answer }) => answer));
  assertEquals(rest.map(({ status }) => status), [303, 303]);
});
