/** What our script fills in for each file that goes with the next message. */
export const Chosen = () => (
  <>
    <ul class="chosen" id="chosen" aria-live="polite"></ul>
    <template id="chosen-file">
      <li>
        <bdi></bdi> <span class="hint"></span>
        <button type="button" class="quiet">
          <span aria-hidden="true">×</span>
          <span class="visually-hidden">Leave this file out</span>
        </button>
      </li>
    </template>
  </>
);

/** What our script fills in for each message that is under way; nothing of it is shown without one. */
export const Unsent = () => (
  <>
    <div class="unsent" id="unsent"></div>
    <template id="unsent-message">
      <article class="under-way">
        <p class="message-body"></p>
        <progress max={1} aria-label="Sending the files" hidden></progress>
        <p class="message-head" role="status"></p>
        <p class="cluster" hidden>
          <button type="button" class="quiet" data-unsent="again">Send it again</button>
          <button type="button" class="quiet" data-unsent="drop">Throw it away</button>
        </p>
      </article>
    </template>
  </>
);
