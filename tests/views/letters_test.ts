import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { templates } from "../../db/schema.ts";
import type { LetterFacts } from "../../views/emails/letter_words.ts";
import { letters, whyOf } from "../../views/emails/letters.ts";
import { mailHtml, mailText } from "../../views/emails/mail.tsx";
import { sampleMail } from "../../views/emails/samples.ts";
import { NOW } from "../cast.ts";
import { marksIn } from "../marks.ts";

const agency = { name: "Ink & Sons", timezone: "Europe/Berlin", currency: "USD" };
const url = "https://agency.example";

function facts(params: LetterFacts["params"], more: Partial<LetterFacts> = {}): LetterFacts {
  return {
    ...{ agency, now: NOW, known: true, open: true, instructions: [] },
    params: { reference: "CP2026ABC123", serviceName: "Landing page", currency: "USD", ...params },
    links: {
      ...{ booking: `${url}/status/x`, pay: `${url}/status/x/payment`, chat: `${url}/chat` },
      ...{ review: `${url}/admin`, account: `${url}/account`, token: `${url}/claim/x` },
    },
    ...more,
  };
}

/** All that a letter says, as one text. */
function saidIn(template: keyof typeof letters, params: LetterFacts["params"], more = {}) {
  const { lines, next, action } = letters[template](facts(params, more));
  return [...lines, action.label, next].join("\n");
}

Deno.test("a new booking is told its price and the time at which it approves itself, with the zone", () => {
  const params = { cataloguePriceMinor: 149_00, autoApproveAt: Date.UTC(2026, 2, 5, 13) };
  const promise = "approved at USD 149.00 on Thu 5 Mar, 14:00 Berlin unless";
  assertStringIncludes(saidIn("booking_received", params), `${promise} we answer sooner.`);
  assertStringIncludes(saidIn("new_booking", params), `${promise} somebody answers sooner.`);
  const byHand = saidIn("booking_received", { cataloguePriceMinor: 149_00, autoApproveAt: null });
  assert(!byHand.includes("approved"), byHand);
});

Deno.test("a cancelled booking says what happens with the money", () => {
  const said = (params: LetterFacts["params"]) => saidIn("booking_cancelled", params);
  assertStringIncludes(said({}), "There is nothing to pay.");
  assertStringIncludes(
    said({ money: "all", amountMinor: 890_00 }),
    "goes back to you: USD 890.00.",
  );
  assertStringIncludes(said({ money: "part", amountMinor: 100_00 }), "USD 100.00 of what you paid");
  assertStringIncludes(said({ money: "kept", amountMinor: 0 }), "is not sent back");
});

Deno.test("a payment names its way, and only a document that is there", () => {
  const said = (method: string, attached?: string) =>
    saidIn("payment_received", { method, amountMinor: 890_00 }, { attached });
  assertStringIncludes(said("stripe", "R-000001"), "USD 890.00 arrived by card.");
  assertStringIncludes(said("stripe", "R-000001"), "receipt R-000001 is attached");
  assertStringIncludes(said("usdt"), "USD 890.00 arrived in USDT.");
  assertStringIncludes(said("manual"), "USD 890.00 arrived. Your booking is paid.");
  assert(!said("bank").includes("attached"));
  const part = { amountMinor: 100_00, dueMinor: 49_00, reason: "Fees were taken." };
  const asked = saidIn("payment_refused", part, { attached: "R-000002" });
  assertStringIncludes(asked, "USD 100.00 arrived. USD 49.00 is missing until");
  assertStringIncludes(asked, "Pay USD 49.00");
  assertStringIncludes(asked, "R-000002 for it is attached");
});

Deno.test("those who work here read in plain words why something waits for them", () => {
  const reasons = "short over late doubled currency chain token ended disputed failed";
  for (const reason of reasons.split(" ")) {
    assertMatch(saidIn("payment_review", { reason }), /Why: [A-Z][^\n]{15,}\./);
  }
  for (
    const reason of [
      "held",
      "unpriced",
      "inactive",
      "switched_off",
      "price_changed",
      "blocked",
      "over_limit",
    ]
  ) {
    assertMatch(saidIn("approval_reminder", { reason }), /Why: [A-Z][^\n]{15,}\./);
  }
  assertStringIncludes(saidIn("payment_review", { reason: "Look at it." }), "Why: Look at it.");
});

Deno.test("whoever has no password yet is led to choose one before the conversation", () => {
  const { action } = letters.chat_invitation(facts({}, { open: false }));
  assertEquals(action.url, `${url}/claim/x`);
  assertEquals(letters.chat_invitation(facts({})).action.url, `${url}/chat`);
});

Deno.test("what was booked and what is owed stand in rows, and nothing that is not known", () => {
  const booked = { cataloguePriceMinor: null, urgency: "high" as const, clientName: "Grace Holm" };
  assertEquals(letters.new_booking(facts(booked)).facts, [
    ["Client", "Grace Holm"],
    ["Service", "Landing page"],
    ["Urgency", "High"],
    ["Price", "told after review"],
  ]);
  const owed = { priceMinor: 149_00, currency: "USD", payBy: null };
  assertEquals(letters.payment_reminder(facts(owed)).facts, [
    ["Service", "Landing page"],
    ["Price", "USD 149.00"],
  ]);
  assertEquals(letters.staff_digest(facts({ list: "Urgent: 1\nA: b: 20" })).facts, [
    ["Urgent", "1"],
    ["A: b", "20"],
  ]);
});

Deno.test("a long name gives way to the reference in the subject", () => {
  for (const length of [1, 60, 90, 91, 400]) {
    const { subject } = letters.booking_approved(facts({ serviceName: "x".repeat(length) }));
    assertMatch(subject, /^.{1,135} \(CP2026ABC123\)$/);
  }
});

for (const template of templates) {
  Deno.test(`the sample of ${template} has one action, both schemes, and is correct without images`, () => {
    const { subject, text, html } = sampleMail(template, { agency, url, now: NOW });
    assert(!/undefined|null|NaN|\[object/.test(subject + text + html), text);
    assertEquals(html.match(/class="button"/g)?.length, 1);
    assertEquals(html.match(/<h1\b/g)?.length, 1, "the first line says it all");
    assert(!/<(img|script|link|iframe|form)\b|url\(|@import/.test(html), "nothing is loaded");
    for (const link of marksIn(html, "href")) assertStringIncludes(text, link);
    assertStringIncludes(html, '<meta name="color-scheme" content="light dark">');
    assertStringIncludes(html, "@media (prefers-color-scheme:dark){.paper{background:#");
    assertMatch(text, /\nYou get this because .+\.\n$/);
  });
}

Deno.test("what people typed is text in the HTML, and stands as they wrote it in the other part", () => {
  const typed = `<b onclick="x">"hi"</b> & 'you'\nsecond line`;
  const letter = letters.booking_rejected(facts({ reason: typed, serviceName: "<i>" }));
  const frame = { agency, why: whyOf({ template: "booking_rejected", params: {} }, agency) };
  assertStringIncludes(mailText(letter, frame), `Why: ${typed}`);
  const html = mailHtml(letter, frame);
  assert(!/<(b|i)\b(?!ody)/.test(html.replace("<body", "")), html);
  assertStringIncludes(html, "&lt;b onclick=&quot;x&quot;&gt;");
});
