import type { Guide, Told } from "./help_guides.ts";
import { Picture } from "./shots.tsx";

export const chat: Guide = {
  name: "chat",
  title: "How to talk to us",
  about: "Each booking that is paid has a chat with the people who do the work.",
  Body: (told) => (
    <>
      <Open {...told} />
      <Files {...told} />
      <Seen {...told} />
    </>
  ),
};

const Open = ({ shots }: Told) => (
  <>
    <h2>Say hello</h2>
    <p>
      Open the chat from your booking's page. You need an account for it: claim yours there by
      choosing a password. Your first message starts the work.
    </p>
    <Picture {...{ shots, of: "chat" }} alt="A chat: messages of both sides, and where to write." />
  </>
);

const Files = (_: Told) => (
  <>
    <h2>Send files</h2>
    <p>
      Up to five at once, each 10 MB at most: PNG, JPEG, WebP, GIF, PDF or text. Press the
      paperclip, drop them on the page, or paste a picture. For anything else send a link.
    </p>
  </>
);

const Seen = (_: Told) => (
  <>
    <h2>Know that it arrived</h2>
    <ul>
      <li>Below your last message stands whether it was sent, and when we saw it.</li>
      <li>When the network goes, what you wrote waits and is sent once, when it is back.</li>
      <li>For five minutes you may change what you sent, or delete it.</li>
      <li>If you are away, we send you an e-mail about what is new.</li>
    </ul>
  </>
);
