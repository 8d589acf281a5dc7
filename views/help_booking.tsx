import { span } from "./format.tsx";
import type { Guide, Told } from "./help_guides.ts";
import { Picture } from "./shots.tsx";

export const booking: Guide = {
  name: "booking",
  title: "How to book",
  about: "From the catalogue to a fixed price, without an account.",
  Body: (told) => (
    <>
      <Choose {...told} />
      <Wait {...told} />
      <Keep {...told} />
    </>
  ),
};

const Choose = ({ shots }: Told) => (
  <>
    <h2>Say what you need</h2>
    <ol>
      <li>
        Choose a service in the <a href="/services">catalogue</a> and press Book.
      </li>
      <li>Describe what should be different afterwards. Links, numbers and dates help.</li>
      <li>Say how urgent it is: each choice tells when we answer.</li>
      <li>Write who you are and send it. You get an e-mail with a link to your booking.</li>
    </ol>
    <Picture
      {...{ shots, of: "book" }}
      alt="The booking form: service, description, urgency, and beside them price and delivery."
    />
    <p class="hint">
      What you write is kept on your device until you send it, so closing the page loses nothing.
    </p>
  </>
);

const Wait = ({ shots, hours, urgentHours, payDays }: Told) => (
  <>
    <h2>Wait for the price</h2>
    <p>
      We read your booking and fix its price within {span(hours)}, {span(urgentHours)}{" "}
      when it is urgent. The page of your booking says what happens next, who must act, and by when.
    </p>
    <Picture
      {...{ shots, of: "booking" }}
      alt="A booking's page: its status, the next step with its date, and what happened so far."
    />
    <p>
      Once it is approved you have {payDays}{" "}
      days to pay. If the price does not suit you, do nothing: the booking expires and you owe
      nothing. Until you pay you can cancel it yourself.
    </p>
  </>
);

const Keep = (_: Told) => (
  <>
    <h2>Keep your bookings together</h2>
    <p>
      The link in our e-mails is enough to follow and pay one booking. To talk to us, claim your
      account on that page by choosing a password. All your bookings are then under{" "}
      <a href="/dashboard">Your bookings</a>.
    </p>
    <p>
      Next: <a href="/help/paying">how to pay</a>.
    </p>
  </>
);
