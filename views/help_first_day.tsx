import type { Guide, Told } from "./help_guides.ts";
import { Picture } from "./shots.tsx";

export const firstDay: Guide = {
  name: "first-day",
  title: "Your first day",
  about: "From the first sign-in to a catalogue that clients can book from.",
  Body: (told) => (
    <>
      <SignIn {...told} />
      <Face {...told} />
      <Offer {...told} />
      <Try {...told} />
    </>
  ),
};

const SignIn = ({ shots }: Told) => (
  <>
    <h2>Sign in</h2>
    <p>
      The first start prints a link that makes the first owner, once. Everybody else is{" "}
      <a href="/help/team">invited</a>. Set up a second factor right away, and keep its recovery
      codes where you find them without your phone.
    </p>
    <Picture
      {...{ shots, of: "overview" }}
      alt="The overview: bookings that wait, money that waits, work under way, and what is urgent."
    />
    <p>The overview begins with what needs you. Each line leads to the place where you decide.</p>
  </>
);

const Face = ({ shots }: Told) => (
  <>
    <h2>Give it your face</h2>
    <p>
      Under Settings, "Your agency's face", you write your name, colour, logo, first words and legal
      notice. A colour that some could not read is corrected, and you see to what.
    </p>
    <Picture {...{ shots, of: "face" }} alt="The form for name, colour, words and logo." />
  </>
);

const Offer = (_: Told) => (
  <>
    <h2>Write your catalogue</h2>
    <ol>
      <li>Make categories, then services in them: what clients get, what you need, the days.</li>
      <li>
        A price lets a booking approve itself when nobody answers in time. Leave it out for work
        that you always look at first.
      </li>
      <li>Hide what is not ready. Archive what you no longer offer: its address then says so.</li>
    </ol>
    <p>
      Ways to pay appear once their variables are set where ConnectPro runs. Under Settings you also
      say up to which price a booking may approve itself.
    </p>
  </>
);

const Try = (_: Told) => (
  <>
    <h2>Try it</h2>
    <p>
      Book a service yourself, <a href="/help/review">review it</a>{" "}
      and look at Mails: every letter stands there as it was sent. Jobs shows when the clock last
      ran and what it would do now.
    </p>
  </>
);
