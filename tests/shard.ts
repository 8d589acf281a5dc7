const folder = new URL("./", import.meta.url);

/**
 * Imports the `nth` of `count` parts of all test files but the browser's. Files that share an isolate share what it has
 * loaded and compiled: the suite costs a quarter less than with an isolate for each file.
 */
export const shard = (nth: number, count: number) =>
  importAll(testFiles().filter((file) => !inBrowser(file)).filter((_, at) => at % count === nth));

/** Imports the tests that drive a browser and whose file `wanted` picks. */
export const browserShard = (wanted: (file: string) => boolean) =>
  importAll(testFiles().filter((file) => inBrowser(file) && wanted(file)));

/** The walk over all pages takes as long as all else that a browser is driven for. */
export const ofPages = (file: string) => file === "e2e/pages_test.ts";

const inBrowser = (file: string) => file.startsWith("e2e/");

async function importAll(files: string[]) {
  for (const file of files) await import(`${folder}${file}`);
}

function testFiles(path = ""): string[] {
  return [...Deno.readDirSync(new URL(path, folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? testFiles(`${path}${name}/`) : name.endsWith("_test.ts") ? [path + name] : []
  ).sort();
}
