import type { Letter } from "./letter_words.ts";

type Frame = {
  agency: { name: string };
  reference?: string;
  why: string;
  status?: string;
  claim?: string;
};

const colours = {
  ink: "#1d2321",
  soft: "#5a6461",
  line: "#d9dedb",
  accent: "#0d5c56",
  paper: "#fdfcf9",
};

/** The HTML part of a mail: 560 px, correct without images, styled in place because mail programs want that. */
function MailHtml({ letter, frame }: { letter: Letter; frame: Frame }) {
  const { ink, soft, line, paper } = colours;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>{letter.subject}</title>
      </head>
      <body
        style={`margin:0;padding:24px;background:${paper};color:${ink};font:16px/1.6 sans-serif`}
      >
        <div style="max-width:560px;margin:0 auto">
          <p style={`border-bottom:1px solid ${line};padding-bottom:12px`}>
            <strong>{frame.agency.name}</strong>
            {frame.reference && <span style={`color:${soft}`}>{` - ${frame.reference}`}</span>}
          </p>
          {letter.lines.map((words) => <p>{words}</p>)}
          {letter.facts && <MailFacts facts={letter.facts} />}
          <MailAction action={letter.action} />
          {letter.next && <p>{letter.next}</p>}
          <MailFoot frame={frame} />
        </div>
      </body>
    </html>
  );
}

function MailFacts({ facts }: { facts: [string, string][] }) {
  return (
    <table style="border-collapse:collapse">
      {facts.map(([label, value]) => (
        <tr>
          <th
            scope="row"
            style={`text-align:left;padding:4px 16px 4px 0;color:${colours.soft};font-weight:400`}
          >
            {label}
          </th>
          <td style="padding:4px 0">
            <strong>{value}</strong>
          </td>
        </tr>
      ))}
    </table>
  );
}

function MailAction({ action }: { action: Letter["action"] }) {
  const button =
    `display:inline-block;padding:12px 20px;border-radius:8px;color:#fff;text-decoration:none;`;
  return (
    <>
      <p>
        <a href={action.url} style={`${button}background:${colours.accent}`}>{action.label}</a>
      </p>
      <p style={`color:${colours.soft};font-size:14px;word-break:break-all`}>{action.url}</p>
    </>
  );
}

function MailFoot({ frame }: { frame: Frame }) {
  return (
    <div
      style={`border-top:1px solid ${colours.line};color:${colours.soft};font-size:14px;word-break:break-all`}
    >
      {frame.status && <p>{`Your booking: ${frame.status}`}</p>}
      {frame.claim && <p>{`Choose a password to see all your bookings: ${frame.claim}`}</p>}
      <p>{frame.why}</p>
    </div>
  );
}

/** The text part of the same mail. */
export function mailText(letter: Letter, frame: Frame): string {
  return [
    `${frame.agency.name}${frame.reference ? ` - ${frame.reference}` : ""}`,
    ...letter.lines,
    letter.facts?.map(([label, value]) => `${label}: ${value}`).join("\n"),
    `${letter.action.label}:\n${letter.action.url}`,
    letter.next,
    "--",
    frame.status && `Your booking: ${frame.status}`,
    frame.claim && `Choose a password to see all your bookings:\n${frame.claim}`,
    frame.why,
  ].filter(Boolean).join("\n\n") + "\n";
}

export const mailHtml = (letter: Letter, frame: Frame) =>
  `<!doctype html>${<MailHtml letter={letter} frame={frame} />}`;
