/** Looks for words in every chat that one may see. */
export const MessageSearch = ({ q }: { q?: string }) => (
  <form class="cluster search" role="search" action="/admin/chat">
    <div>
      <input
        type="search"
        name="q"
        value={q}
        aria-label="Search in all that was said"
        placeholder="Words that were said"
        maxlength={200}
      />
    </div>
    <button type="submit">Search</button>
  </form>
);
