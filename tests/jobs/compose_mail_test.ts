import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { submitBooking } from "../../db/bookings.ts";
import { readBrand, saveBrand } from "../../db/brand.ts";
import { findRefundFile } from "../../db/refund_finders.ts";
import { proveRefund } from "../../db/refund_proofs.ts";
import { requestRefund } from "../../db/refunds.ts";
import { claimEmails, type DueEmail } from "../../db/email_claims.ts";
import { factsOf, type MailParams } from "../../db/emails.ts";
import { emailNotifications, type Template, templates } from "../../db/schema.ts";
import { composeMail } from "../../jobs/compose_mail.ts";
import { readConfig } from "../../jobs/config.ts";
import type { Mail } from "../../jobs/gateways/mailer.ts";
import { paymentGateways } from "../../jobs/gateways/payment_gateways.ts";
import type { Post } from "../../jobs/send_emails.ts";
import {
  alice,
  bookingIn,
  type Cast,
  castIn,
  DAY,
  fileOf,
  HOUR,
  NOW,
  OWNER,
  submission,
  UNPRICED,
} from "../cast.ts";
import { openTestDatabase } from "../databases.ts";
import { contrast, rgbOf } from "../../views/colours.ts";
import { marksIn } from "../marks.ts";

const URL_BASE = "https://agency.example";
const env = {
  ...{ APP_ENV: "test", APP_URL: `${URL_BASE}/`, AGENCY_NAME: "Ink & Sons" },
  ...{ BANK_ACCOUNT_HOLDER: "Ink & Sons", BANK_IBAN: "DE02120300000000202051" },
};
const staff: Template[] = [
  ...["new_booking", "urgent_booking", "booking_assigned", "admin_invitation"] as const,
  ...["approval_reminder", "staff_digest", "payment_review", "refund_failed"] as const,
];
/** What is said without a booking; a claim may be asked for in both ways. */
const ofAccounts: Template[] = [
  ...["email_verification", "password_reset", "admin_invitation", "account_claim"] as const,
  "staff_digest",
];
const isOfBooking = (template: Template) => !ofAccounts.includes(template);

/** What would break out of a header, or turn how it reads. */
const headBreakers = [
  ...["a\r\nBcc: evil@evil.example", "a\nSubject: b", "a\rb", "a\u2028b", "a\u0000b", "a\u202eb"],
  ...['"', "<evil@evil.example>", "a, evil@evil.example", "x".repeat(300), "=?utf-8?q?=0A?="],
];

const hostile =
  `<script>alert("x")</script> & 'more'\nsecond line </p><img src=x onerror=alert(1)>`;
const guest = { name: `Grace <b>"Holm"</b> & Co`, email: "grace@holm.example" };
/** What people and causes may put into a mail. */
const samples: Record<string, MailParams> = {
  bare: {},
  empty: {
    note: null,
    reason: null,
    amountMinor: null,
    payBy: null,
    autoApproveAt: null,
    by: "admin",
  },
  full: {
    ...{ note: hostile, reason: hostile, by: "client", amountMinor: 89_000, method: "bank" },
    ...{ payBy: NOW, autoApproveAt: NOW, priceMinor: 89_000 },
  },
};

async function openPost() {
  const database = await openTestDatabase();
  const { db } = database;
  const config = readConfig(env, []);
  const post: Post = { db, config, mailer: null, gateways: paymentGateways(config) };
  const cast = await castIn(db);
  return { post, cast, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
}

/** A due mail as the outbox hands it over: about a priced booking, and about one without a price. */
async function dueEmails(cast: Cast, template: Template): Promise<DueEmail[]> {
  const { db } = cast;
  const paid = await bookingIn(cast, "payment_pending");
  const { reference } = await submitBooking(db, submission(guest, { service: UNPRICED }));
  const open = await fileOf(db, reference);
  await db.$client.execute("delete from email_notifications");
  for (const [name, sample] of Object.entries(samples)) {
    for (const { booking, payments: [payment] } of [paid, open]) {
      const known = { ...factsOf(booking), clientName: booking.clientName };
      const about = isOfBooking(template) ? { ...known, paymentId: payment?.id ?? null } : {};
      await db.insert(emailNotifications).values({
        ...{ key: `${booking.reference}.${template}.${name}`, template, nextTryAt: NOW },
        bookingId: isOfBooking(template) ? booking.id : null,
        ...{ recipientName: booking.clientName, recipientEmail: booking.clientEmail },
        params: {
          ...about,
          ...(template === "admin_invitation" ? { role: "agent" } : {}),
          ...sample,
        },
        createdAt: NOW,
      });
    }
  }
  return await claimEmails(db, NOW);
}

function assertSound({ subject, text, html }: Mail) {
  assertMatch(subject, /^[^\r\n]{5,150}$/, "the subject is one line");
  for (const part of [subject, text, html]) {
    assert(!/\b(undefined|null|NaN|Invalid Date)\b|\[object/.test(part), part);
  }
  assert(text.trim().length > 50 && !/<\/?(p|a|div|html)\b/.test(text.replace(hostile, "")), text);
  assertStringIncludes(html, "<!doctype html>");
  assert(!/<(script|img|b)\b/.test(html), "what people typed is text");
}

function assertOwnLinks({ text, html }: Mail) {
  const links = [
    ...marksIn(html, "href"),
    ...marksIn(html, "src"),
    ...text.match(/\bhttps?:\S+/g) ?? [],
  ];
  assert(links.length >= 2, "both parts have the link");
  for (const link of links) assertMatch(link, /^https:\/\/agency\.example(\/|$)/);
}

for (const template of templates) {
  Deno.test(`the mail ${template} is whole in both parts, whatever it is about`, async () => {
    await using desk = await openPost();
    const due = await dueEmails(desk.cast, template);
    assertEquals(due.length, 6);
    for (const each of due) {
      const mail = await composeMail(desk.post, each, NOW);
      assertSound(mail);
      assertOwnLinks(mail);
      const name = staff.includes(template) ? each.email.recipientName : "";
      assertEquals(mail.to, { name, address: each.email.recipientEmail });
      assertEquals(mail.messageId, `${each.email.key}@agency.example`);
      if (each.booking) assertStringIncludes(mail.subject, each.booking.reference);
      const status = `${URL_BASE}/status/${each.booking?.accessToken}`;
      for (const part of [mail.text, mail.html]) {
        assertEquals(part.includes(status), each.booking !== null && !staff.includes(template));
        const reviews = staff.includes(template) && isOfBooking(template);
        assertEquals(part.includes("/admin/bookings/"), reviews);
        const kept = part === mail.text ? mail.kept.text : mail.kept.html;
        assert(!/[\w-]{43}/.test(kept), "what is kept opens nothing");
      }
    }
  });
}

Deno.test("what people typed stands in the text as it is, and in the HTML escaped", async () => {
  await using desk = await openPost();
  for (const template of ["booking_approved", "booking_rejected", "payment_refused"] as const) {
    const due = (await dueEmails(desk.cast, template)).find(({ email }) =>
      email.key.endsWith("full")
    );
    if (!due) throw new Error("no such mail");
    const { text, html } = await composeMail(desk.post, due, NOW);
    assertStringIncludes(text, hostile);
    assertStringIncludes(
      html,
      "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;more&#39;",
    );
  }
});

Deno.test("a mail has the name and the colour that the agency has chosen, and its button can be read", async () => {
  await using desk = await openPost();
  const { db, ada: actor } = desk.cast;
  const [due] = await dueEmails(desk.cast, "booking_approved");
  if (!due) throw new Error("no such mail");
  const before = await readBrand(db);
  const next = { ...before, name: "Ink & Sons", accent: "#ffee00" };
  const seller = { name: "North", email: "hello@agency.example" };
  await saveBrand(db, next, { seller, actor, now: NOW, before });

  const { from, text, html } = await composeMail(desk.post, due, NOW);
  assertEquals(from.name, "Ink & Sons");
  assertStringIncludes(text, "Ink & Sons  CP");
  assertStringIncludes(html, "<strong>Ink &amp; Sons</strong>");
  const [button = ""] = /class="button"[^>]*/.exec(html) ?? [];
  const dark = html.slice(html.indexOf(".button{"));
  const shown = [button, dark].map((style) => {
    const [ground = "", words = ""] = style.match(/#[0-9a-f]{6}/g) ?? [];
    assert(contrast(rgbOf(ground), rgbOf(words)) >= 4.5, style);
    return ground;
  });
  assertEquals(new Set([...shown, "#005b63", "#70c8cd"]).size, 4);
});

Deno.test("only who has no password yet gets a link to choose one, another one with each mail", async () => {
  await using desk = await openPost();
  const due = await dueEmails(desk.cast, "booking_approved");
  const claims: string[] = [];
  for (const each of due) {
    const { text } = await composeMail(desk.post, each, NOW);
    const found = text.match(/https:\S+\/claim\/[\w-]{43}/g) ?? [];
    assertEquals(found.length, each.email.recipientEmail === alice.email ? 0 : 1);
    claims.push(...found);
  }
  assertEquals(new Set(claims).size, 3);
});

Deno.test("a mail about an account carries its one-time link, and the database does not", async () => {
  await using desk = await openPost();
  const links: [Template, RegExp][] = [
    ["account_claim", /\/claim\/([\w-]{43})/],
    ["email_verification", /\/verify-email\/([\w-]{43})/],
    ["password_reset", /\/reset-password\/([\w-]{43})/],
    ["admin_invitation", /\/admin\/register\/([\w-]{43})/],
  ];
  for (const [template, pattern] of links) {
    const [due] = await dueEmails(desk.cast, template);
    if (!due) throw new Error("no such mail");
    const { text, html } = await composeMail(desk.post, due, NOW);
    const token = pattern.exec(text)?.[1] ?? "";
    assertStringIncludes(html, token);
    const { rows } = await desk.post.db.$client.execute("select * from one_time_tokens");
    assert(rows.length > 0 && !JSON.stringify(rows).includes(token || "nothing"), template);
  }
});

Deno.test("the mail with the bank's details has the exact amount, the account and the reference", async () => {
  await using desk = await openPost();
  const [due] = await dueEmails(desk.cast, "payment_instructions");
  if (!due?.booking) throw new Error("no such mail");
  const { text, html } = await composeMail(desk.post, due, NOW);
  for (
    const words of ["USD 890.00", "DE02120300000000202051", `Reference: ${due.booking.reference}`]
  ) {
    assertStringIncludes(text, words);
  }
  assertStringIncludes(html, "Ink &amp; Sons");
});

Deno.test("T-MAIL: no subject or name breaks a header, whatever the service and the client are called", async () => {
  await using desk = await openPost();
  const [due] = await dueEmails(desk.cast, "booking_received");
  if (!due) throw new Error("no such mail");
  for (const words of headBreakers) {
    const params = { ...due.email.params, serviceName: words, clientName: words };
    for (const template of ["booking_received", "new_booking"] as const) {
      const email = { ...due.email, template, params, recipientName: words };
      const { subject, to, from } = await composeMail(desk.post, { ...due, email }, NOW);
      for (const head of [subject, to.name, from.name]) {
        assert(!/[\p{Cc}\u2028\u202e]/u.test(head), head);
      }
      assert(subject.length <= 150 && subject.includes(due.booking?.reference ?? "none"), subject);
      assertEquals(to.address, due.email.recipientEmail);
    }
  }
});

Deno.test("the mail about a paid booking brings the receipt, and one about a refund its credit note", async () => {
  await using desk = await openPost();
  const { cast, post } = desk;
  const { booking, payments: [payment] } = await bookingIn(cast, "paid");
  const [due] = (await claimEmails(post.db, NOW + DAY)).filter(({ email }) =>
    email.template === "payment_received"
  );
  if (!due || !payment) throw new Error("no such mail");
  const mail = await composeMail(post, due, NOW);

  const [file] = mail.attachments;
  assertEquals([file?.name, file?.type], ["R-000001.pdf", "application/pdf"]);
  assertEquals(new TextDecoder().decode(file?.bytes.slice(0, 5)), "%PDF-");
  assertStringIncludes(mail.text, "Your receipt R-000001 is attached.");
  assertStringIncludes(mail.text, "USD 890.00 arrived");

  const by = { actor: cast.ada, now: NOW + HOUR };
  const refund = await requestRefund(
    post.db,
    await findRefundFile(post.db, OWNER, payment.id),
    { ...by, amountMinor: 50_00, reason: "Too late.", idempotencyKey: "one" },
  );
  await proveRefund(post.db, { refund, payment, booking }, { ...by, reference: "BANK-1" });
  const [back] = (await claimEmails(post.db, NOW + DAY)).filter(({ email }) =>
    email.template === "refund_sent"
  );
  if (!back) throw new Error("no mail about the refund");
  const told = await composeMail(post, back, NOW);
  assertEquals(told.attachments.map(({ name }) => name), ["C-000001.pdf"]);
  assertStringIncludes(told.text, "The credit note C-000001 is attached.");
});
