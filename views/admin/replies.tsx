import type { Reply } from "../../db/canned_replies.ts";
import type { variables } from "../../db/reply_gaps.ts";
import type { FormState } from "../form.tsx";
import { Layout, type Site, type Who } from "../layout.tsx";
import { ReplyForm } from "./reply_forms.tsx";

type PanelProps = {
  replies: Reply[];
  variables: typeof variables;
  /** What was typed for the reply of that id; an empty one stands for a new reply. */
  wrong?: { id: string; form: FormState };
};

export function RepliesPage({ site, who, ...panel }: PanelProps & { site: Site; who: Who }) {
  return (
    <Layout site={site} title="Canned replies" who={who} wide>
      <RepliesPanel {...panel} />
    </Layout>
  );
}

export function RepliesPanel({ replies, variables, wrong }: PanelProps) {
  const stateOf = (id: string, values: Record<string, string>) =>
    wrong?.id === id ? wrong.form : { values, errors: {} };
  return (
    <section id="replies" class="stack">
      <p>
        <a href="/admin/chat">Chats</a>
      </p>
      <h1>Canned replies</h1>
      <p>
        In a chat, <code>/thanks</code>{" "}
        and the Tab key put in the reply named thanks, to be changed before it is sent. Filled in
        are {variables.map((name, at) => Variable({ name, last: at === variables.length - 1 }))}
      </p>
      {replies.map(({ id, slug, body }) => (
        <ReplyForm id={String(id)} title={`/${slug}`} form={stateOf(String(id), { slug, body })} />
      ))}
      <ReplyForm id="" title="New reply" form={stateOf("", {})} />
    </section>
  );
}

const Variable = ({ name, last }: { name: string; last: boolean }) => (
  <>
    {last && "and "}
    <code>{`{{${name}}}`}</code>
    {last ? "." : ", "}
  </>
);
