import type { Guide, Told } from "./help_guides.ts";
import { Picture } from "./shots.tsx";

export const team: Guide = {
  name: "team",
  title: "Work as a team",
  about: "Invite people, say what each may do, and see who did what.",
  Body: (told) => (
    <>
      <Invite {...told} />
      <Share {...told} />
      <Watch {...told} />
    </>
  ),
};

const Invite = ({ shots }: Told) => (
  <>
    <h2>Invite people</h2>
    <p>
      Owners invite by e-mail under Team. The link works once, for 72 hours, and until it is used it
      can be withdrawn there.
    </p>
    <Picture
      {...{ shots, of: "team" }}
      alt="The team with roles, and the form to invite somebody."
    />
    <ul>
      <li>Owners may do everything, the team and the settings too.</li>
      <li>Managers see all bookings, payments, mails and services.</li>
      <li>Agents see only the bookings given to them: they review, chat and carry out.</li>
    </ul>
  </>
);

const Share = (_: Told) => (
  <>
    <h2>Share the work</h2>
    <p>
      On a booking's page owners and managers say who looks after it. Chats shows all conversations,
      who waits for an answer and since when. Beside a chat you keep notes that no client sees, and
      below it you pick replies that all of you share.
    </p>
  </>
);

const Watch = (_: Told) => (
  <>
    <h2>Stay safe</h2>
    <ul>
      <li>Under Settings an owner may require the second factor of everybody.</li>
      <li>
        Who has lost the phone and the recovery codes asks an owner, who turns the second factor off
        under Team. A forgotten password each one chooses anew from the sign-in page.
      </li>
      <li>Who changes roles or sends money back proves once more who they are.</li>
      <li>When somebody leaves, deactivate them: all their sessions end at once.</li>
      <li>Audit lists who did what, when and to which booking, and nobody can change it.</li>
    </ul>
  </>
);
