import chromium from "@sparticuz/chromium";
import { type Browser, chromium as launcher } from "playwright-core";

// Not the package's own list: it puts all pages into one process and switches the same-origin policy off.
const ours = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-zygote"];

/** A real Chromium: the one in the npm package, or the one that CHROMIUM_PATH names. */
export async function openBrowser(wishes: string[] = []): Promise<Browser> {
  const args = [...ours, ...wishes];
  const named = Deno.env.get("CHROMIUM_PATH");
  if (named) return await launcher.launch({ executablePath: named, args });
  // Makes the package unpack the libraries it brings, where the system has none.
  if (!Deno.env.get("AWS_LAMBDA_JS_RUNTIME")) Deno.env.set("AWS_LAMBDA_JS_RUNTIME", "nodejs22.x");
  return await launcher.launch({
    executablePath: await chromium.executablePath(),
    args,
  });
}
