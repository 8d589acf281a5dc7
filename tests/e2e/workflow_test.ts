import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { kinds } from "../databases.ts";
import { PASSWORD, setStage, type Stage } from "./stage.ts";

const grace = { name: "Grace Holm", email: "grace@holm.example" };
const ada = { name: "Ada Novak", email: "ada@connectpro.example" };

for (const kind of kinds) {
  Deno.test(`a booking goes all the way, live on both sides (${kind})`, async () => {
    await using stage = await setStage(kind);
    const [client, admin] = [await stage.tab(), await stage.tab()];
    await makeFirstAdmin(stage, admin);

    const reference = await book(stage, client, "urgent");
    await admin.goto("/admin");
    await admin.getByRole("alert").getByText(reference).waitFor();
    await thinkAgain(admin, reference);
    await approve(admin, reference, "149.00");
    const approved = await stage.mail(grace.email, /Approved at USD 149.00/);

    await claim(client, approved.link("/claim/"));
    await pay(client, reference, "test");
    const invitation = await stage.mail(grace.email, /Let us talk/);
    await client.goto(invitation.link(`/bookings/${reference}/chat`));
    await admin.goto(`/admin/bookings/${reference}/chat`);
    await talk(client, admin);

    await admin.goto(`/admin/bookings/${reference}`);
    await admin.getByRole("button", { name: "Complete this booking" }).click();
    await admin.locator(`[data-reference=${reference}][data-status=completed]`).first().waitFor();
    await stage.mail(grace.email, /Completed/);
    await client.goto(`/bookings/${reference}`);
    assertEquals(await statusOn(client, reference), "completed");
  });
}

Deno.test("a booking goes all the way without JavaScript", async () => {
  await using stage = await setStage("file");
  const [client, admin] = [
    await stage.tab({ javaScript: false }),
    await stage.tab({ javaScript: false }),
  ];
  await makeFirstAdmin(stage, admin);

  const reference = await book(stage, client, "low");
  await approve(admin, reference, "1200.50");
  await claim(client, (await stage.mail(grace.email, /Approved at USD 1,200.50/)).link("/claim/"));
  await pay(client, reference, "bank");
  const instructions = await stage.mail(grace.email, /bank transfer/);
  assertStringIncludes(instructions.text, "DE02120300000000202051");
  await confirm(admin);
  await stage.mail(grace.email, /Paid/);

  await client.goto(`/bookings/${reference}/chat`);
  await say(client, "Hello from a page without scripts.");
  await admin.goto(`/admin/bookings/${reference}/chat`);
  await admin.getByText("Hello from a page without scripts.").waitFor();
  await say(admin, "Hello back.");
  await client.getByRole("link", { name: "Refresh" }).click();
  await client.getByText("Hello back.").waitFor();
});

async function makeFirstAdmin({ product }: Stage, admin: Page) {
  const line = await product.line(/Make the first one here/);
  await admin.goto(line.match(/http\S+/)?.[0] ?? "");
  await admin.fill("[name=name]", ada.name);
  await admin.fill("[name=email]", ada.email);
  await admin.fill("[name=password]", PASSWORD);
  await admin.getByRole("button", { name: "Make this admin" }).click();
  await admin.waitForURL("**/admin");
}

/** Books as a guest and returns the reference that the mail names. */
async function book(stage: Stage, client: Page, urgency: string): Promise<string> {
  await client.goto("/");
  await client.getByRole("link", { name: "Book a service" }).first().click();
  await client.selectOption("[name=service]", "landing-page");
  await client.check(`[name=urgency][value=${urgency}]`);
  await client.fill("[name=name]", grace.name);
  await client.fill("[name=email]", grace.email);
  await client.fill("[name=details]", "A page for the spring fair.");
  await client.locator("form[action='/bookings'] button.primary").click();
  await client.waitForURL("**/status/*");
  const received = await stage.mail(grace.email, /We have your booking/);
  const reference = received.text.match(/CP\d{4}[0-9A-Z]{6}/)?.[0] ?? "";
  assertEquals(await statusOn(client, reference), "pending");
  assertEquals(received.link("/status/"), client.url());
  return reference;
}

/** Holds, approves and takes back, all by keys; what is typed is no key. */
async function thinkAgain(admin: Page, reference: string) {
  await admin.goto("/admin/bookings?status=pending");
  const row = (status: string, words: string) =>
    admin.locator(`tbody:has([data-reference=${reference}][data-status=${status}])`)
      .filter({ hasText: words }).waitFor();
  await admin.keyboard.press("?");
  await admin.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await admin.locator("dialog").waitFor({ state: "hidden" });
  await admin.keyboard.press("h");
  await row("pending", "on hold");
  await admin.keyboard.press("u");
  await row("pending", "approves itself");
  await admin.keyboard.press("r");
  await admin.locator("[name=reason]:focus").pressSequentially("jah?");
  assertEquals(await admin.inputValue("[name=reason]"), "jah?");
  await admin.locator(".review-link").focus();
  await admin.keyboard.press("a");
  await admin.locator(".approve:focus", { hasText: "Approve at USD 890.00" }).waitFor();
  await admin.keyboard.press("a");
  await row("approved", "USD 890.00");
  await admin.keyboard.press("u");
  await row("pending", "approves itself");
}

async function approve(admin: Page, reference: string, price: string) {
  await admin.goto("/admin/bookings?status=pending");
  await admin.getByRole("link", { name: reference }).click();
  await admin.fill("[name=price]", price);
  await admin.locator("form[action$='/approval'] button").click();
  await admin.locator(`[data-reference=${reference}][data-status=approved]`).first().waitFor();
}

async function claim(client: Page, link: string) {
  await client.goto(link);
  await client.fill("[name=password]", PASSWORD);
  await client.getByRole("button", { name: "Choose this password" }).click();
  await client.waitForURL("**/dashboard");
}

async function pay(client: Page, reference: string, method: string) {
  await client.goto(`/bookings/${reference}/payment`);
  await client.check(`[name=method][value=${method}]`);
  await client.getByRole("button", { name: /^Pay USD/ }).click();
  const status = method === "test" ? "succeeded" : "open";
  await client.locator(`[data-payment-status=${status}]`).first().waitFor();
}

async function confirm(admin: Page) {
  await admin.goto("/admin/payments");
  await admin.locator("details:has(form[action$='/confirmation']) summary").first().click();
  await admin.locator("form[action$='/confirmation'] button").first().click();
  await admin.locator("[data-payment-status=succeeded]").first().waitFor();
}

/** Each sees the other's words without a reload, once. */
async function talk(client: Page, admin: Page) {
  await say(client, "Can you start on Monday?");
  await admin.locator(".message.theirs", { hasText: "Can you start on Monday?" }).waitFor();
  await say(admin, "Yes. <b>See</b> you then.");
  await client.locator(".message.theirs", { hasText: "Yes. <b>See</b> you then." }).waitFor();
  assertEquals(
    [await client.locator(".message").count(), await admin.locator(".message").count()],
    [2, 2],
  );
}

async function say(page: Page, words: string) {
  await page.fill("[name=body]", words);
  await page.locator(".composer button.primary").click();
  await page.locator(".message.mine", { hasText: words }).waitFor();
}

const statusOn = (page: Page, reference: string) =>
  page.locator(`[data-reference=${reference}]`).first().getAttribute("data-status");
