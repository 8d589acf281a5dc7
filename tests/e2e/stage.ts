import { assertEquals } from "@std/assert";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../browser.ts";
import { type Kind, startDatabase } from "../databases.ts";
import { type Product, startProduct } from "../process.ts";

export const PASSWORD = "a kettle of seven tides";
const bank = { BANK_ACCOUNT_HOLDER: "ConnectPro Ltd", BANK_IBAN: "DE02120300000000202051" };

/** The product as its own process, and people with browsers of their own. */
export type Stage = AsyncDisposable & {
  product: Product;
  /** Where its database is. */
  database: string;
  /** A new person's tab. */
  tab(options?: { javaScript?: boolean }): Promise<Page>;
  /** The newest mail to `to` whose subject matches, waited for. */
  mail(to: string, subject: RegExp): Promise<{ text: string; link(path: string): string }>;
};

export async function setStage(kind: Kind, env: Record<string, string> = {}): Promise<Stage> {
  const stack = new AsyncDisposableStack();
  const place = stack.use(await startDatabase(kind));
  const product = stack.use(await startProduct({ TURSO_DATABASE_URL: place.url, ...bank, ...env }));
  const browser = await openBrowser();
  stack.defer(() => browser.close());
  const complaints: string[] = [];
  const reader = await openTab(browser, product, complaints);
  return {
    product,
    database: place.url,
    tab: ({ javaScript = true } = {}) => openTab(browser, product, complaints, javaScript),
    mail: (to, subject) => readMail(reader, to, subject),
    async [Symbol.asyncDispose]() {
      await stack.disposeAsync();
      assertEquals(
        complaints,
        [],
        "no page complained: no script error, nothing against the security policy",
      );
    },
  };
}

async function openTab(
  browser: Browser,
  product: Product,
  complaints: string[],
  javaScriptEnabled = true,
) {
  const context: BrowserContext = await browser.newContext({
    baseURL: product.url,
    javaScriptEnabled,
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (line) => {
    if (line.type() === "error") complaints.push(`${page.url()}: ${line.text()}`);
  });
  return page;
}

/** Mails leave a moment after the change that caused them, so the mailbox is read until it is there. */
async function readMail(page: Page, to: string, subject: RegExp) {
  const letter = page.locator("article").filter({ hasText: to }).filter({ hasText: subject })
    .first();
  const end = performance.now() + 10_000;
  do {
    await page.goto("/dev/mail");
  } while (!await letter.isVisible() && performance.now() < end);
  const text = await letter.innerText();
  const links = await letter.locator("a").evaluateAll((all) =>
    all.map((a) => a.getAttribute("href") ?? "")
  );
  return {
    text,
    link(path: string) {
      const link = links.find((href) => new URL(href, "http://x").pathname.startsWith(path));
      if (!link) throw new Error(`no link to ${path} in:\n${text}`);
      return link;
    },
  };
}
