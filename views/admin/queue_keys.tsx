const keys: [key: string, does: string][] = [
  ["j", "next booking"],
  ["k", "the one before"],
  ["o", "open or close its review"],
  ["a", "open it to approve; once more approves"],
  ["r", "open it to reject, with a reason"],
  ["h", "hold it, or release it"],
  ["u", "undo the last decision, for 10 seconds"],
  ["x", "choose it"],
  ["/", "search"],
  ["Esc", "leave a field, then the review"],
  ["Ctrl Enter", "send what you typed"],
  ["?", "this list"],
];

/** What the queue does by keyboard, and the switch that turns its keys off (WCAG 2.2, 2.1.4). */
export const QueueKeys = () => (
  <div class="queue-keys">
    <button type="button" class="quiet" data-keys>Keyboard</button>
    <p role="status" class="visually-hidden" id="queue-said"></p>
    <dialog id="queue-keys" aria-labelledby="queue-keys-title">
      <form method="dialog" class="stack">
        <h2 id="queue-keys-title">The queue by keyboard</h2>
        <dl class="facts">
          {keys.map(([key, does]) => (
            <div>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
        <p class="hint">
          They rest while you type. <a href="/help/review">How to review</a>
        </p>
        <label class="inline">
          <input type="checkbox" id="keys-on" checked /> Use these keys in this browser
        </label>
        <button type="submit" class="primary">Close</button>
      </form>
    </dialog>
  </div>
);
