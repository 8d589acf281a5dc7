type Props = {
  /** Where the chat is. */
  base: string;
  /** What replies are called. */
  slugs: string[];
};

/** Puts a canned reply into the composer; with a script its name and Tab in the composer do the same. */
export function ReplyPicker({ base, slugs }: Props) {
  if (slugs.length === 0) return null;
  return (
    <form class="replies cluster" method="get" action={base}>
      <label class="visually-hidden" for="reply">Canned reply</label>
      <select id="reply" name="reply">
        {slugs.map((slug) => <option value={slug}>/{slug}</option>)}
      </select>
      <button type="submit">Put it in</button>
      <span class="hint" id="reply-state" role="status">Or type its name and Tab.</span>
    </form>
  );
}
