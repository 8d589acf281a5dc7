import type { Child, PropsWithChildren } from "hono/jsx";
import { ErrorSummary, type FormState, Input } from "../form.tsx";
import { Instant } from "../format.tsx";
import { Alert, Layout, type Site, type Who } from "../layout.tsx";
import { QrCode } from "../qr_code.tsx";

const path = "/admin/second-factor";

export type FactorState =
  | { is: "off"; required: boolean }
  /** The seed is shown only now, while it waits for its first code. */
  | { is: "waiting"; seed: string; address: string; form: FormState }
  | { is: "on"; since: number; codesLeft: number; required: boolean; now: number; zone: string }
  /** The codes are shown only now: they are kept nowhere. */
  | { is: "codes"; codes: string[]; first: boolean };

export function SecondFactorPage(props: { site: Site; who: Who; state: FactorState }) {
  const { site, who, state } = props;
  return (
    <Layout site={site} title="Second factor" who={who} wide live={state.is !== "off"}>
      <SecondFactorPanel state={state} />
    </Layout>
  );
}

export function SecondFactorPanel({ state }: { state: FactorState }) {
  return (
    <section id="second-factor" class="stack">
      <p>
        <a href="/admin/account">Your account</a>
      </p>
      <h1>Second factor</h1>
      {state.is === "off" && <Off {...state} />}
      {state.is === "waiting" && <Waiting {...state} />}
      {state.is === "on" && <On {...state} />}
      {state.is === "codes" && <Codes {...state} />}
    </section>
  );
}

type Of<Is> = Extract<FactorState, { is: Is }>;

const Off = ({ required }: Of<"off">) => (
  <>
    {required && (
      <Alert kind="info">
        {"Every admin here needs a second factor. Set yours up to go on."}
      </Alert>
    )}
    <p>
      With a second factor your password alone lets nobody in: signing in also takes a code from an
      app on your phone.
    </p>
    <Action to="" button="Set up a second factor" tone="primary" />
  </>
);

function Waiting({ seed, address, form }: Of<"waiting">) {
  return (
    <>
      <p>Scan this with an authenticator app, then type the first code it shows.</p>
      <QrCode text={address} label="QR code for your authenticator app" />
      <p>
        Cannot scan it? Type this key into the app:{" "}
        <Copyable label="key" value={seed}>{seed.match(/.{1,4}/g)?.map(Group)}</Copyable>
      </p>
      <ErrorSummary form={form} />
      <form method="post" action={`${path}/confirmation`} class="stack narrow">
        <Input
          name="code"
          label="First code"
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={10}
          form={form}
          required
        />
        <button type="submit" class="primary">Turn the second factor on</button>
      </form>
      <Action to="" button="Start again with a new key" tone="quiet" />
    </>
  );
}

const offForGood = "Your password alone will sign you in.";
const offForNow =
  "Every admin here needs a second factor: you will set up a new one right away, as on a new phone.";

/** A piece of the key: the line may break between two. */
const Group = (letters: string) => (
  <>
    <span class="reference">{letters}</span>
    {" "}
  </>
);

const On = ({ since, codesLeft, required, now, zone }: Of<"on">) => (
  <>
    <p>
      Your second factor has been on since <Instant {...{ at: since, now, zone }} />.{" "}
      {codesLeft === 1 ? "1 recovery code is" : `${codesLeft} recovery codes are`} left.
    </p>
    <details class="action">
      <summary>Make new recovery codes</summary>
      <Action to="/recovery-codes" button="Make new recovery codes">
        <p>Ten new codes replace the old ones, which stop working.</p>
      </Action>
    </details>
    <details class="action">
      <summary>Turn it off</summary>
      <Action to="/removal" button="Turn the second factor off" tone="danger">
        <p>{required ? offForNow : offForGood} Your other sessions end.</p>
      </Action>
    </details>
  </>
);

const Codes = ({ codes, first }: Of<"codes">) => (
  <>
    <Alert kind="good">
      {first ? "Your second factor is on." : "These codes replace the old ones."}
    </Alert>
    <h2>Your recovery codes</h2>
    <p>
      Each signs you in once when your phone is not at hand. Keep them where you keep papers: they
      are shown only now.
    </p>
    <ol>
      {codes.map((code) => (
        <li>
          <span class="reference">{code}</span>
        </li>
      ))}
    </ol>
    <p>
      <Copyable label="recovery codes" value={codes.join("\n")}>All ten</Copyable>
    </p>
    <a class="button primary" href={path}>I have kept them</a>
  </>
);

type ActionProps = PropsWithChildren<{
  to: string;
  button: string;
  tone?: "primary" | "quiet" | "danger";
}>;

const Action = ({ to, button, tone, children }: ActionProps) => (
  <form method="post" action={path + to} class="stack">
    {children}
    <button type="submit" class={tone}>{button}</button>
  </form>
);

const Copyable = (props: { label: string; value: string; children: Child }) => (
  <span class="copyable">
    <span>{props.children}</span>
    <button
      type="button"
      class="copy"
      data-copy={props.value}
      aria-label={`Copy ${props.label}`}
    >
      Copy
    </button>
  </span>
);
