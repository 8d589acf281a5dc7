import { assert, assertEquals } from "@std/assert";
import { Turns } from "../../db/turns.ts";
import { arriving, blocksOf, drain } from "../../routes/bodies.ts";
import { boundaryOf, partsOf } from "../../routes/multipart.ts";
import { files } from "../files.ts";
import { assertProblem } from "../problems.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

type Read = { name: string; file?: string; bytes: Uint8Array };

async function read(bytes: Uint8Array, boundary: string, size: number): Promise<Read[]> {
  const read: Read[] = [];
  for await (const { bytes: pieces, ...part } of partsOf(inPieces(bytes, size), boundary)) {
    const whole: number[] = [];
    for await (const piece of pieces) whole.push(...piece);
    read.push({ ...part, bytes: Uint8Array.from(whole) });
  }
  return read;
}

Deno.test("T-UPLOAD: a form is read apart the same in whatever pieces it comes", async () => {
  const near = encode("\r\n--\r\n\r\n----\r\r\n\r--");
  const form = new FormData();
  form.set("body", "Grüße\r\n\r\n🧀");
  form.set("client_id", "");
  form.append("file", new File([files.pdf], 'März "2"\r\n.pdf'));
  form.append("file", new File([near, encode("\r\n------WebKit")], "near.txt"));
  form.append("file", new File([], ""));
  const sent = new Response(form);
  const boundary = boundaryOf(sent.headers.get("content-type") ?? "") ?? "";
  const bytes = await sent.bytes();

  const expected = [
    { name: "body", file: undefined, bytes: encode("Grüße\r\n\r\n🧀") },
    { name: "client_id", file: undefined, bytes: new Uint8Array() },
    { name: "file", file: 'März "2"\r\n.pdf', bytes: files.pdf },
    {
      name: "file",
      file: "near.txt",
      bytes: Uint8Array.from([...near, ...encode("\r\n------WebKit")]),
    },
    { name: "file", file: "", bytes: new Uint8Array() },
  ];
  for (const size of [1, 2, 3, 7, 64, bytes.length]) {
    assertEquals(await read(bytes, boundary, size), expected, `pieces of ${size}`);
  }
  const skipped = [];
  for await (const { name } of partsOf(inPieces(bytes, 5), boundary)) skipped.push(name);
  assertEquals(skipped, expected.map(({ name }) => name), "what nobody reads is passed over");
});

Deno.test("T-UPLOAD: a form that breaks off or is none is refused, whatever its head says", async () => {
  const field = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';
  assertEquals((await read(encode(`${field}--x--`), "x", 9)).length, 1);
  const wrong = [
    ...["", "--x", field, `${field}--x`, `${field}--x\r`, `${field}--x?!`, "--x--y".slice(0, 4)],
    `--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--`,
    `--x\r\nX: ${"y".repeat(5000)}\r\n\r\n1\r\n--x--`,
    `${field.repeat(51)}--x--`,
  ];
  for (const text of wrong) await assertProblem(read(encode(text), "x", 9), "invalid");

  const types = [
    'multipart/form-data; boundary="a b"',
    "Multipart/Form-Data;charset=utf-8; boundary=--x_1",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    `multipart/form-data; boundary=${"x".repeat(71)}`,
  ];
  assertEquals(types.map(boundaryOf), ["a b", "--x_1", null, null, null]);
});

Deno.test("T-UPLOAD: who stalls, or sends more than they may, is not read any further", async () => {
  const pace = { most: 100, idle: 5, longest: 60_000 };
  let cancelled = 0;
  const body = (chunks: number, ends: boolean) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (let n = 0; n < chunks; n++) controller.enqueue(new Uint8Array(40));
        if (ends) controller.close();
      },
      cancel: () => void cancelled++,
    });
  assertEquals(await drain(arriving(body(2, true), pace)), 80);
  await assertProblem(drain(arriving(body(3, false), pace)), "too_large");
  await assertProblem(drain(arriving(body(1, false), pace)), "unavailable");
  const trickle = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
  });
  const over = { ...pace, idle: 60_000, longest: 0 };
  await assertProblem(drain(arriving(trickle, over)), "unavailable");
  assertEquals(cancelled, 2);

  const sizes = [];
  for await (const { length } of blocksOf(arriving(body(2, true), pace), 32)) sizes.push(length);
  assertEquals(sizes, [32, 32, 16]);
});

Deno.test("uploads take turns: first come, first served, and whoever waits too long is told", async () => {
  const turns = new Turns(10, { length: 2, patience: 5 });
  const [first, second] = [await turns.take(6), await turns.take(4)];
  const order: string[] = [];
  const large = turns.take(8).then((done) => (order.push("large"), done));
  const small = turns.take(1).then((done) => (order.push("small"), done));
  await assertProblem(turns.take(1), "too_many");
  second();
  assertEquals(order, []);
  first();
  const both = await Promise.all([large, small]);
  assertEquals(order, ["large", "small"]);
  await assertProblem(turns.take(2), "too_many");
  both.forEach((done) => done());
  assert(await turns.take(10));
});
