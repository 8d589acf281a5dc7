import { Alert } from "./layout.tsx";

export type ComposerProps = {
  /** Where the chat is; its messages are posted below it. */
  base: string;
  /** Makes a message that is sent twice one message. */
  clientId: string;
  body?: string;
  error?: string;
  /** Takes the focus where it replaces the one that had it. */
  focus?: boolean;
};

/** What failed is said beside the text, never in its place. */
export function Composer({ base, clientId, body, error, focus }: ComposerProps) {
  return (
    <div id="composer">
      <div id="composer-problem">{error && <Alert>{error}</Alert>}</div>
      <form class="composer" method="post" action={`${base}/messages`} {...sendsInPlace(base)}>
        <input type="hidden" name="client_id" value={clientId} />
        <label class="visually-hidden" for="body">Your message</label>
        <textarea id="body" name="body" rows={2} maxlength={4000} required autofocus={focus}>
          {body}
        </textarea>
        <button type="submit" class="primary">Send</button>
      </form>
      <RefreshLink base={base} />
    </div>
  );
}

function sendsInPlace(base: string) {
  const beside = "target:#composer-problem swap:innerHTML";
  const instead = "target:#composer swap:outerHTML";
  return {
    "hx-post": `${base}/messages`,
    "hx-target": "#composer",
    "hx-swap": "outerHTML",
    ...{ "hx-status:409": instead, "hx-status:422": instead },
    ...{ "hx-status:4xx": beside, "hx-status:5xx": beside },
  };
}

const RefreshLink = ({ base }: { base: string }) => (
  <noscript>
    <p class="hint">
      <a href={base}>Refresh</a> to see new messages.
    </p>
  </noscript>
);
