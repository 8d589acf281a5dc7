import { span } from "./format.tsx";
import type { Terms } from "./home.tsx";
import type { Site } from "./layout.tsx";

type AnswersProps = { site: Site; terms: Terms };
type Answer = [question: string, answer: string];

export function Answers({ site, terms }: AnswersProps) {
  const { email } = site.agency;
  return (
    <section class="section beside" id="questions">
      <div>
        <h2>Questions and answers</h2>
        <p>
          Another question? Write to <a href={`mailto:${email}`}>{email}</a>.
        </p>
      </div>
      <div class="answers">
        {[whenToPay(terms), howToPay(terms), noAnswer(terms), account, cancelling]
          .map((answer) => Disclosure(answer))}
      </div>
    </section>
  );
}

const Disclosure = ([question, answer]: Answer) => (
  <details>
    <summary>{question}</summary>
    <p>{answer}</p>
  </details>
);

const whenToPay = ({ payDays }: Terms): Answer => [
  "When do I pay?",
  `After we have approved your booking and you have seen its price. You then have ${payDays} ` +
  "days. If you do not pay in that time the booking expires and you owe nothing.",
];

function howToPay({ methods }: Terms): Answer {
  const named = methods.length > 0 ? `${methods.join(" or ")}. ` : "";
  return [
    "How can I pay?",
    `${named}The page of your booking says what each way costs, how long it takes and what you need.`,
  ];
}

const noAnswer = ({ hours, urgentHours }: Terms): Answer => [
  "What if you do not answer in time?",
  `A booking with a listed price mostly approves itself at that price after ${span(hours)}, or ` +
  `${
    span(urgentHours)
  } when its urgency is high or urgent: you see the time before you book. Where no price is ` +
  "listed, we always look first.",
];

const account: Answer = [
  "Do I need an account?",
  "Not to book and to pay: the link in our e-mails is enough. For the chat you choose a password, " +
  "and then see all your bookings in one place.",
];

const cancelling: Answer = [
  "Can I cancel?",
  "Yes, until you pay, on the page of your booking. After that, write to us in its chat.",
];
