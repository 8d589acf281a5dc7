import { Layout, type Site } from "./layout.tsx";

export type ProblemProps = {
  title: string;
  message: string;
  requestId?: string;
  /** Nothing went wrong here: what was asked for is just not there. */
  calm?: boolean;
  /** The way out: the same page again, or the one that the form was on. */
  way?: { label: string; href: string };
  /** Whether it stands among the pages of those who work here. */
  staff?: boolean;
};

export function ProblemPage(props: ProblemProps & { site: Site }) {
  const { email } = props.site.agency;
  return (
    <Layout site={props.site} title={props.title}>
      <ProblemPanel {...props} />
      <p class="cluster">
        {props.way && <a class="button primary" href={props.way.href}>{props.way.label}</a>}
        {(props.staff ? staffLinks : links).map(([label, href]) => (
          <a class="button" href={href}>{label}</a>
        ))}
      </p>
      <p class="hint">
        Stuck? Write to <a href={`mailto:${email}`}>{email}</a>.
      </p>
    </Layout>
  );
}

const links = [["Your bookings", "/dashboard"], ["See the services", "/services"]];
const staffLinks = [["Overview", "/admin"]];

export function ProblemPanel({ title, message, requestId, calm }: ProblemProps) {
  return (
    <div class={calm ? "stack" : "stack problem"} role="alert">
      <h1>{title}</h1>
      <p class="lead">{message}</p>
      {requestId && <p class="hint">Number of this request: {requestId}</p>}
    </div>
  );
}
