import {
  amount,
  by,
  due,
  type Letter,
  type LetterFacts,
  type Letters,
  named,
  price,
  quoted,
  see,
} from "./letter_words.ts";

type Name = "payment_instructions" | "payment_received" | "payment_refused" | "refund_sent";

/** What is written to a client about their money. */
export const paymentLetters: Letters<Name> = {
  payment_instructions: (facts) => ({
    subject: named(facts, `How to pay ${price(facts)} by bank transfer`),
    lines: [
      `Transfer ${price(facts)} with these details.`,
      "The reference tells us whose money it is.",
    ],
    facts: facts.instructions,
    action: { label: "See the payment", url: facts.links.pay },
    next: "Once the money is here, we tell you and your conversation with us opens.",
  }),
  payment_received: (facts) => ({
    subject: named(facts, `Paid: ${facts.params.serviceName}`),
    lines: [`${amount(facts)} arrived${by(facts)}. Your booking is paid.`],
    action: see(facts),
    next: facts.attached ? `Your receipt ${facts.attached} is attached.` : undefined,
  }),
  payment_refused: (facts) =>
    partly(facts) ?? {
      subject: named(facts, "Your payment did not arrive"),
      lines: ["We could not find your payment.", ...quoted("Why", facts.params.reason)],
      action: { label: `Pay ${price(facts)}`, url: facts.links.pay },
      next: "Your booking stands. You can pay again, in another way too.",
    },
  refund_sent: (facts) => ({
    subject: named(facts, `Money on its way back: ${facts.params.serviceName}`),
    lines: [
      `${amount(facts, "Your money")} is on its way back to you.`,
      ...quoted("Why", facts.params.reason),
    ],
    action: see(facts),
    next: [
      wayBack[facts.params.method ?? ""] ?? "How soon it arrives depends on how you paid.",
      ...(facts.attached ? [`The credit note ${facts.attached} is attached.`] : []),
    ].join(" "),
  }),
};

/** A part of the price came: what is due still. */
function partly(facts: LetterFacts): Letter | undefined {
  const rest = due(facts);
  if (!rest) return undefined;
  return {
    subject: named(facts, `${rest} is still missing`),
    lines: [
      `${amount(facts, "A part")} arrived. ${rest} is missing until your booking is paid.`,
      ...quoted("Why", facts.params.reason),
    ],
    action: { label: `Pay ${rest}`, url: facts.links.pay },
    next: [
      "Your booking stands, and what arrived counts. You can pay the rest in any way.",
      ...(facts.attached ? [`The receipt ${facts.attached} for it is attached.`] : []),
    ].join(" "),
  };
}

const wayBack: Record<string, string> = {
  stripe: "It goes to the card that you paid with. How soon it shows there depends on your bank.",
  paypal: "It goes to the PayPal account that you paid from.",
  bank: "It goes to your bank account. How soon it shows there depends on your bank.",
  usdt: "It was sent in USDT. It is there once the network has confirmed it.",
};
