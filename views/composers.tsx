import { Chosen } from "./composer_parts.tsx";
import { Alert, Icon } from "./layout.tsx";

export type ComposerProps = {
  /** Where the chat is; its messages are posted below it. */
  base: string;
  /** Makes a message that is sent twice one message. */
  clientId: string;
  /** The newest message on the page: who answers it has read it. */
  read?: number;
  body?: string;
  error?: string;
  /** Takes the focus where it replaces the one that had it. */
  focus?: boolean;
};

/** What failed is said beside the text, never in its place. */
export function Composer({ base, clientId, read, body, error, focus }: ComposerProps) {
  return (
    <div id="composer">
      <div id="composer-problem">{error && <Alert>{error}</Alert>}</div>
      <form
        class="composer"
        method="post"
        action={`${base}/messages`}
        enctype="multipart/form-data"
      >
        <input type="hidden" name="client_id" value={clientId} />
        {read && <input type="hidden" name="read" value={String(read)} />}
        <label class="visually-hidden" for="body">Your message</label>
        <textarea
          id="body"
          name="body"
          rows={1}
          maxlength={4000}
          placeholder="Write a message"
          enterkeyhint="send"
          autofocus={focus}
        >
          {body}
        </textarea>
        <FileField />
        <button type="submit" class="primary">Send</button>
        <Chosen />
      </form>
      <RefreshLink base={base} />
    </div>
  );
}

const FileField = () => (
  <label class="composer-files">
    <Icon name="paperclip" />
    <span class="visually-hidden">
      Files: PNG, JPEG, WebP, GIF, PDF or text, five of 10 MB each
    </span>
    <input type="file" name="file" multiple accept=".png,.jpg,.jpeg,.webp,.gif,.pdf,.txt" />
  </label>
);

const RefreshLink = ({ base }: { base: string }) => (
  <noscript>
    <p class="hint">
      <a href={base}>Refresh</a> to see new messages.
    </p>
  </noscript>
);
