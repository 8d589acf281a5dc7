/** Something a source says at a line. */
export type Fact = { value: string; line: number; typeOnly: boolean };
export type Source = {
  path: string;
  text: string;
  lines: number;
  imports: Fact[];
  uses: Fact[];
  functions: { line: number; lines: number }[];
};

const ROOT = new URL("../", import.meta.url);

/** Reads our own sources with Deno's parser: what each imports and uses, and how long its functions are. */
export async function readSources(places: string[]): Promise<Source[]> {
  const paths = (await Promise.all(places.map(filesIn))).flat();
  return await Promise.all(paths.map(readSource));
}

async function filesIn(place: string): Promise<string[]> {
  if (/\.tsx?$/.test(place)) return [place];
  const found: string[] = [];
  for await (const entry of Deno.readDir(new URL(`${place}/`, ROOT))) {
    const path = `${place}/${entry.name}`;
    if (entry.isDirectory) found.push(...await filesIn(path));
    else if (/\.tsx?$/.test(path)) found.push(path);
  }
  return found.sort();
}

async function readSource(path: string): Promise<Source> {
  const text = await Deno.readTextFile(new URL(path, ROOT));
  const source: Source = {
    path,
    text,
    lines: text.trimEnd().split("\n").length,
    imports: [],
    uses: [],
    functions: [],
  };
  Deno.lint.runPlugin(
    { name: "sources", rules: { read: { create: () => visitor(source) } } },
    path,
    text,
  );
  return source;
}

function visitor(source: Source): Deno.lint.LintVisitor {
  const lineOf = (offset: number) => source.text.slice(0, offset).split("\n").length;
  const measure = ({ range: [start, end] }: { range: [number, number] }) =>
    void source.functions.push({ line: lineOf(start), lines: lineOf(end) - lineOf(start) + 1 });
  const use = (value: string, offset: number) =>
    source.uses.push({ value, line: lineOf(offset), typeOnly: false });
  return {
    ImportDeclaration(node) {
      const named = node.specifiers.length > 0 &&
        node.specifiers.every((part) =>
          part.type === "ImportSpecifier" && part.importKind === "type"
        );
      const typeOnly = node.importKind === "type" || named;
      source.imports.push({
        value: resolved(source.path, node.source.value),
        line: lineOf(node.range[0]),
        typeOnly,
      });
    },
    ImportExpression(node) {
      if (node.source.type !== "Literal") return;
      const value = resolved(source.path, String(node.source.value));
      source.imports.push({ value, line: lineOf(node.range[0]), typeOnly: false });
    },
    CallExpression(node) {
      if (node.callee.type === "Identifier") use(node.callee.name, node.range[0]);
    },
    MemberExpression(node) {
      if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
      use(`${node.object.name}.${node.property.name}`, node.range[0]);
    },
    NewExpression(node) {
      if (node.callee.type !== "Identifier") return;
      use(`new ${node.callee.name}(${node.arguments.length ? "…" : ""})`, node.range[0]);
    },
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  };
}

/** A path of ours from the top of the project, or the package's name as it stands. */
function resolved(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier, new URL(from, ROOT)).href.slice(ROOT.href.length);
}
