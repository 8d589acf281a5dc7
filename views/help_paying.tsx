import type { Child } from "hono/jsx";
import type { PaymentMethod } from "../db/schema.ts";
import type { Guide, Told } from "./help_guides.ts";
import { Bank, Card, Paypal, Usdt } from "./help_ways_to_pay.tsx";
import { methodInText } from "./payments.tsx";
import { Picture } from "./shots.tsx";

export const paying: Guide = {
  name: "paying",
  title: "How to pay",
  about: "By card, PayPal, bank transfer or USDT, once your booking is approved.",
  Body: (told) => (
    <>
      <Begin {...told} />
      {ways.map(([method, Steps]) => (
        <Way method={method} offered={told.offered}>
          <Steps {...told} />
        </Way>
      ))}
      <Afterwards {...told} />
    </>
  ),
};

const ways: [PaymentMethod, (told: Told) => Child][] = [
  ["stripe", Card],
  ["paypal", Paypal],
  ["bank", Bank],
  ["usdt", Usdt],
];

/** Where the guide tells how to pay by this method. */
export const wayAt = (method: PaymentMethod) =>
  ways.some(([known]) => known === method) ? `/help/paying#${method}` : "/help/paying";

const Begin = ({ shots, payDays }: Told) => (
  <>
    <h2>Choose a way</h2>
    <p>
      Your booking's page has a button with the amount. Behind it each way says what it costs, how
      long it takes and what you need. You have {payDays} days, and may choose again at any time.
    </p>
    <Picture {...{ shots, of: "payment" }} alt="The ways to pay, one card for each." />
  </>
);

type WayProps = { method: PaymentMethod; offered: PaymentMethod[]; children?: Child };

const Way = ({ method, offered, children }: WayProps) => (
  <section class="stack" id={method}>
    <h2>By {methodInText(method)}</h2>
    <p class="hint">{offered.includes(method) ? "Offered here." : "Not offered here now."}</p>
    {children}
  </section>
);

const Afterwards = (_: Told) => (
  <section class="stack" id="afterwards">
    <h2>Afterwards</h2>
    <p>
      As soon as the whole price is confirmed you get a receipt by e-mail, it stands on your
      booking's page too, and <a href="/help/chat">the chat</a>{" "}
      opens. If too little, too much or nothing arrives, the payment's page says so. No payment is
      dropped: one of us looks at it and writes to you.
    </p>
  </section>
);
