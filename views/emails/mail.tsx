import type { Letter } from "./letter_words.ts";
import { buttonStyle, darkStyle, groundStyle, look } from "./mail_look.ts";

export type Frame = {
  /** The accent is the agency's own, as six hex digits behind a #, where it has chosen one. */
  agency: { name: string; accent?: string | null };
  reference?: string;
  /** Why somebody gets this. */
  why: string;
  status?: string;
  claim?: string;
};

/**
 * The HTML part of a mail: 560 px, correct without images. Styled in place because mail programs want that, and
 * in tables because one of them knows nothing else; the dark scheme is for those that ask for one. What comes first
 * is seen in lists of mails alone, beside the subject.
 */
function MailHtml({ letter, frame }: { letter: Letter; frame: Frame }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{letter.subject}</title>
        <style>{darkStyle(frame.agency.accent)}</style>
      </head>
      <body class="paper" style={look.body}>
        <div style={look.preview}>{letter.next ?? letter.lines[0]}</div>
        <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
          <tr>
            <td align="center" style={look.margin}>
              <table
                role="presentation"
                width="560"
                cellpadding="0"
                cellspacing="0"
                style={look.sheet}
              >
                <tr>
                  <td class="ink" style={look.text}>
                    <Content letter={letter} frame={frame} />
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>
  );
}

function Content({ letter, frame }: { letter: Letter; frame: Frame }) {
  const [lead, ...more] = letter.lines;
  return (
    <>
      <p class="rule" style={look.head}>
        <strong>{frame.agency.name}</strong>
        {frame.reference && (
          <span class="soft" style={look.reference}>{`  ${frame.reference}`}</span>
        )}
      </p>
      <h1 style={look.lead}>{lead}</h1>
      {more.map((words) => <p style={look.line}>{words}</p>)}
      {letter.facts && letter.facts.length > 0 && <MailFacts facts={letter.facts} />}
      <MailAction action={letter.action} accent={frame.agency.accent} />
      {letter.next && <p style={look.line}>{letter.next}</p>}
      <MailFoot frame={frame} above={letter.action.url} />
    </>
  );
}

const MailFacts = ({ facts }: { facts: [string, string][] }) => (
  <table cellpadding="0" cellspacing="0" style={look.facts}>
    {facts.map(([label, value]) => (
      <tr>
        <th scope="row" class="soft" style={look.label}>{label}</th>
        <td class="ink" style={look.value}>{value}</td>
      </tr>
    ))}
  </table>
);

type ActionProps = { action: Letter["action"]; accent: Frame["agency"]["accent"] };

const MailAction = ({ action, accent }: ActionProps) => (
  <>
    <table role="presentation" cellpadding="0" cellspacing="0" style={look.action}>
      <tr>
        <td class="ground" style={groundStyle(accent)}>
          <a class="button" href={action.url} style={buttonStyle(accent)}>{action.label}</a>
        </td>
      </tr>
    </table>
    <p class="soft" style={look.small}>{action.url}</p>
  </>
);

/** A link that stands above already is not said again. */
const MailFoot = ({ frame, above }: { frame: Frame; above: string }) => (
  <div class="rule soft" style={look.foot}>
    {frame.status && frame.status !== above && (
      <FootLink
        label="Your booking:"
        url={frame.status}
      />
    )}
    {frame.claim && (
      <FootLink label="Choose a password to see all your bookings:" url={frame.claim} />
    )}
    <p style={look.footLine}>{frame.why}</p>
  </div>
);

const FootLink = ({ label, url }: { label: string; url: string }) => (
  <p style={look.footLine}>
    {`${label} `}
    <a class="link" href={url} style={look.link}>{url}</a>
  </p>
);

/** The text part of the same mail. */
export function mailText(letter: Letter, frame: Frame): string {
  return [
    `${frame.agency.name}${frame.reference ? `  ${frame.reference}` : ""}`,
    ...letter.lines,
    letter.facts?.map(([label, value]) => `${label}: ${value}`).join("\n"),
    `${letter.action.label}:\n${letter.action.url}`,
    letter.next,
    "--",
    frame.status !== letter.action.url && frame.status && `Your booking:\n${frame.status}`,
    frame.claim && `Choose a password to see all your bookings:\n${frame.claim}`,
    frame.why,
  ].filter(Boolean).join("\n\n") + "\n";
}

export const mailHtml = (letter: Letter, frame: Frame) =>
  `<!doctype html>${<MailHtml letter={letter} frame={frame} />}`;
