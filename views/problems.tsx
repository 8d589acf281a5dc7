import { Layout, type Site } from "./layout.tsx";

export type ProblemProps = { title: string; message: string; requestId?: string };

export function ProblemPage(props: ProblemProps & { site: Site }) {
  return (
    <Layout site={props.site} title={props.title}>
      <ProblemPanel {...props} />
      <p>
        <a href="/">Go to the start page</a>
      </p>
    </Layout>
  );
}

export function ProblemPanel({ title, message, requestId }: ProblemProps) {
  return (
    <div class="alert bad" role="alert">
      <h1>{title}</h1>
      <p>{message}</p>
      {requestId && <p class="hint">Number of this request: {requestId}</p>}
    </div>
  );
}
