import { Layout, type Site } from "./layout.tsx";

export type ProblemProps = {
  title: string;
  message: string;
  requestId?: string;
  /** Nothing went wrong here: what was asked for is just not there. */
  calm?: boolean;
};

export function ProblemPage(props: ProblemProps & { site: Site }) {
  return (
    <Layout site={props.site} title={props.title}>
      <ProblemPanel {...props} />
      <p class="cluster">
        <a href="/services">See the services</a>
        <a href="/">Go to the start page</a>
      </p>
    </Layout>
  );
}

export function ProblemPanel({ title, message, requestId, calm }: ProblemProps) {
  return (
    <div class={calm ? "stack" : "alert bad"} role="alert">
      <h1>{title}</h1>
      <p>{message}</p>
      {requestId && <p class="hint">Number of this request: {requestId}</p>}
    </div>
  );
}
