import type { Guide, Told } from "./help_guides.ts";
import { Picture } from "./shots.tsx";

export const money: Guide = {
  name: "money",
  title: "Look after the money",
  about: "Confirm transfers, decide what is odd, and send money back.",
  Body: (told) => (
    <>
      <Confirm {...told} />
      <Odd {...told} />
      <Back {...told} />
      <Books {...told} />
    </>
  ),
};

const Confirm = ({ shots }: Told) => (
  <>
    <h2>Confirm transfers</h2>
    <p>
      Cards, PayPal and USDT confirm themselves. For transfers upload your bank's statement
      (CAMT.053 or CSV) under Payments: lines are matched by reference and amount, and you confirm
      the matches together. One transfer alone you confirm in its row with the amount that came.
    </p>
    <Picture
      {...{ shots, of: "payments" }}
      alt="Payments: first those that wait for a decision, each with what may be done."
    />
  </>
);

const Odd = (_: Told) => (
  <>
    <h2>Decide what is odd</h2>
    <p>
      What is too little, too much, late, doubled or of nobody stands first on that page, with the
      reason. Depending on it you accept it, ask for the rest, give it to a booking, or send it
      back. Nothing is dropped, and nothing is counted as paid without you.
    </p>
  </>
);

const Back = ({ shots }: Told) => (
  <>
    <h2>Send money back</h2>
    <p>
      In the row of a payment that holds money choose Send money back. Cards and PayPal are refunded
      by themselves. For transfers and USDT you send it and note where that is found.
    </p>
    <Picture
      {...{ shots, of: "refund" }}
      alt="The form of a refund: the amount that is left, the reason, and what went back already."
    />
    <p>The client gets a credit note, and never more goes back than came.</p>
  </>
);

const Books = (_: Told) => (
  <>
    <h2>Keep the books</h2>
    <p>
      Receipts and credit notes are numbered without a gap. "Download these as CSV" takes the list
      home as it is filtered; the sums of each currency stand below it. Money you got elsewhere is
      recorded on the booking, under More.
    </p>
  </>
);
