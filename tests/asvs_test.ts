import { assertEquals } from "@std/assert";
import { account } from "./asvs.ts";

const TITLE = /["`]asvs ((?:V\d+\.\d+\.\d+,? ?)+):/g;

async function titlesIn(folder: URL): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) found.push(...await titlesIn(new URL(`${name}/`, folder)));
    if (!/_test\.tsx?$/.test(name)) continue;
    const text = await Deno.readTextFile(new URL(name, folder));
    for (const [, ids = ""] of text.matchAll(TITLE)) found.push(...ids.match(/V[\d.]+/g) ?? []);
  }
  return found;
}

Deno.test("every requirement is proven by a test, met by a document or excepted with a reason", async () => {
  const named = new Set(await titlesIn(new URL("./", import.meta.url)));
  const rows = Object.entries(account);
  const tested = rows.filter(([, row]) => "test" in row).map(([id]) => id);
  const documents = rows.flatMap(([, row]) => "document" in row ? [row.document] : []);
  const chapters = new Set(rows.map(([id]) => id.split(".")[0]));

  assertEquals(tested.filter((id) => !named.has(id)), [], "no test is named after them");
  const ours = [...named].filter((id) => chapters.has(id.split(".")[0]));
  assertEquals(ours.filter((id) => !tested.includes(id)), [], "they are not listed as proven");
  for (const document of new Set(documents)) {
    const [file, heading] = document.split(", ");
    const text = await Deno.readTextFile(new URL(`../${file}`, import.meta.url));
    assertEquals([document, text.includes(`\n## ${heading}\n`)], [document, true]);
  }
  const [all, met] = [rows.length, documents.length];
  const excepted = all - tested.length - met;
  const counts = `${tested.length} proven by tests, ${met} met by documents, ${excepted} excepted`;
  console.log(`ASVS 5.0.0: ${counts}, of ${all} listed`);
});
