import { deviceWords } from "./devices.ts";
import { Instant } from "./format.tsx";

/** A session as its owner sees it: `mark` names it without being its key. */
export type Listed = { mark: string; userAgent: string | null; createdAt: number; own: boolean };

type Shown = { base: string; now: number; zone: string };

export function Sessions({ sessions, base, now, zone }: Shown & { sessions: Listed[] }) {
  return (
    <>
      <h2>Where you are signed in</h2>
      <ul class="list">
        {sessions.map((session) => <SessionRow {...{ session, base, now, zone }} />)}
      </ul>
      {sessions.length > 1 && (
        <form method="post" action={`${base}/sessions/end`}>
          <button type="submit">End all others</button>
        </form>
      )}
    </>
  );
}

type RowProps = Shown & { session: Listed };

function SessionRow({ session, base, now, zone }: RowProps) {
  const { mark, userAgent, createdAt, own } = session;
  const device = deviceWords(userAgent);
  return (
    <li class="list-row">
      <b>{device}</b>
      {own && <span class="badge">This one</span>}
      <p>
        Since <Instant {...{ now, zone }} at={createdAt} />
      </p>
      {!own && (
        <form method="post" action={`${base}/sessions/${mark}/end`}>
          <button type="submit" class="quiet" aria-label={`End the session: ${device}`}>End</button>
        </form>
      )}
    </li>
  );
}
