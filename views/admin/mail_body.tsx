/** A mail as text and, in a frame that can do nothing, as HTML. */
export function MailBody({ text, html, kept }: { text: string; html: string; kept?: boolean }) {
  return (
    <section class="stack">
      <h2>The mail</h2>
      {kept && <p class="hint">Links that open something are taken out.</p>}
      <iframe class="mail-frame" sandbox="" src={html} title="The mail as HTML" loading="lazy" />
      <h3>As plain text</h3>
      <pre class="mail-text">{text}</pre>
    </section>
  );
}
