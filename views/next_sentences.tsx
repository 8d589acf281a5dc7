import { ApprovalPromise, countdown } from "./approvals.tsx";
import { fromNow, instant, zoneName } from "./format.tsx";
import type { NextStep } from "./next_steps.tsx";

type ShownProps = { step: NextStep; now: number; zone: string };

/** "Next: you pay USD 149.00 by Fri 27 Nov, 14:00 Berlin, in 2 days 3 hours." */
export function NextSentence({ step, now, zone }: ShownProps) {
  const { by, text } = step;
  const late = by && by.instant <= now ? by.late : undefined;
  return (
    <>
      {step.who !== "nobody" && <strong>Next:</strong>} {late ?? text}
      {step.promise && (
        <>
          {" "}
          <ApprovalPromise booking={step.promise} {...{ now, zone }} />
        </>
      )}
      {by && <Deadline word={late ? "" : " by"} {...{ at: by.instant, now, zone }} />}.
    </>
  );
}

/** "in 1 day 4 hours": static/app.js counts on. */
const Left = ({ at, now }: { at: number; now: number }) => (
  <span data-until={new Date(at).toISOString()}>{countdown(at - now)}</span>
);

type DeadlineProps = Omit<ShownProps, "step"> & { word: string; at: number };

function Deadline({ word, at, now, zone }: DeadlineProps) {
  return (
    <>
      {word}{" "}
      <time datetime={new Date(at).toISOString()}>
        {instant(at, zone, now)} {zoneName(zone)}
      </time>, {at > now ? <Left at={at} now={now} /> : fromNow(at, now)}
    </>
  );
}

/** The one action of a page, with the sentence that says why. */
export function NextStepBar(props: ShownProps) {
  const { action, who } = props.step;
  const look = action?.quiet ? "button" : "button primary";
  return (
    <div class={who === "you" ? "next-step" : "next-step calm"}>
      <p>
        <NextSentence {...props} />
      </p>
      {action && <a class={look} href={action.href}>{action.label}</a>}
    </div>
  );
}
