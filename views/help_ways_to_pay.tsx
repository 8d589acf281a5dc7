import type { Told } from "./help_guides.ts";
import { Picture } from "./shots.tsx";

export const Card = (_: Told) => (
  <ol>
    <li>Choose Card and press the button with the amount.</li>
    <li>Pay on the card page. We never see the number of your card.</li>
    <li>You come back here. The page asks whether it went through and shows it.</li>
  </ol>
);

export const Paypal = (_: Told) => (
  <ol>
    <li>Choose PayPal and press the button with the amount.</li>
    <li>Sign in at PayPal, or pay there by card, and agree.</li>
    <li>You come back here, where the payment is confirmed within a minute.</li>
  </ol>
);

export const Bank = ({ shots }: Told) => (
  <>
    <ol>
      <li>Choose Bank transfer. The page shows our account, the amount and your reference.</li>
      <li>
        Copy each value, or scan the code where one is shown. The reference tells us that it is
        yours.
      </li>
      <li>Make the transfer, then say here that it is sent. A receipt of your bank helps.</li>
    </ol>
    <Picture
      {...{ shots, of: "bank" }}
      alt="Amount, account and reference to copy, and the button that says that it is sent."
    />
    <p>It takes 1 to 3 working days. Your booking waits for it.</p>
  </>
);

export const Usdt = ({ shots }: Told) => (
  <>
    <ol>
      <li>Choose USDT and the network that your wallet sends on.</li>
      <li>
        Send exactly the amount shown, to the digit, before the quote ends after an hour. The last
        digits tell us that it is yours.
      </li>
      <li>The page sees your transfer by itself and counts its confirmations.</li>
    </ol>
    <Picture
      {...{ shots, of: "usdt" }}
      alt="The exact amount, our address and the network, with a code for the wallet."
    />
    <p>What is sent on another network or as another token may be lost.</p>
  </>
);
