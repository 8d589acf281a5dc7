import type { Guide, Told } from "./help_guides.ts";
import { Picture } from "./shots.tsx";

export const review: Guide = {
  name: "review",
  title: "Review bookings",
  about: "Decide what came in: one by one, by keyboard, or many at once.",
  Body: (told) => (
    <>
      <Decide {...told} />
      <Clock {...told} />
      <Many {...told} />
    </>
  ),
};

const Decide = ({ shots }: Told) => (
  <>
    <h2>Decide</h2>
    <p>
      Choose Bookings, then Pending. Review opens a booking in its row: what the client needs, the
      catalogue's price filled in, and three ways on.
    </p>
    <Picture
      {...{ shots, of: "review" }}
      alt="The list of pending bookings, one of them open with its price, a note and its buttons."
    />
    <ul>
      <li>Approve at the price in the field. The client gets it by e-mail, with your note.</li>
      <li>Hold stops the clock while you find something out. Release lets it run on.</li>
      <li>Reject with a reason, which the client reads.</li>
    </ul>
    <p>
      For ten seconds you can undo a decision: its mail waits that long. On a computer <kbd>j</kbd>
      {" "}
      and <kbd>k</kbd> move, <kbd>a</kbd> approves, <kbd>r</kbd> rejects, <kbd>h</kbd> holds, and
      {" "}
      <kbd>?</kbd> lists the rest.
    </p>
  </>
);

const Clock = ({ hours, urgentHours }: Told) => (
  <>
    <h2>Know what the clock does</h2>
    <p>
      {hours} hours after it was sent, {urgentHours}{" "}
      when it is high or urgent, or when its service says, a booking approves itself at its
      catalogue price. It does not where it is held, has no price, has one above your limit, or its
      client is blocked: then it is marked, and you are reminded. What the clock approved can be
      taken back until it is paid.
    </p>
  </>
);

const Many = (_: Told) => (
  <>
    <h2>Decide many at once</h2>
    <p>
      Choose rows, then approve them together below the list, each at its catalogue price or all at
      one. The next page says what became of each. Filters you use often can be saved under a name.
    </p>
  </>
);
