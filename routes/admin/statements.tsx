import { type Context, Hono } from "hono";
import { z } from "zod";
import { confirmLine, confirmLines, type Matched } from "../../db/bank_confirmations.ts";
import { dismissLine, findLine, findOpenLines, isExact } from "../../db/bank_lines.ts";
import { keepCredits } from "../../db/bank_statements.ts";
import { findTarget } from "../../db/payment_targets.ts";
import { notFound } from "../../db/problem.ts";
import { cleanName } from "../../db/file_checks.ts";
import { readStatement } from "../../jobs/statements.ts";
import type { FormState } from "../../views/form.tsx";
import { byWhom, type Env } from "../context.ts";
import { orAsItStands } from "../doors.ts";
import { fileIn } from "../files.ts";
import { form, orInvalid } from "../forms.ts";
import { allowed } from "../permissions.ts";
import { goTo } from "../respond.ts";
import { showPayments } from "./payment_page.tsx";

const PATH = "/admin/payments";
const choose = "Choose a statement.";
const upload = z.object({ file: z.unknown() });
const line = z.string().regex(/^\d{1,15}$/, "Load this page again.").transform(Number);
const chosen = z.object({
  line: z.union(
    [line.transform((one) => [one]), z.array(line).max(100)],
    "Choose at least one line.",
  ),
});
const target = z.object({ reference: z.string("Write one reference.").trim().max(40).optional() });

const wrongFile = (c: Context<Env>, state: FormState) =>
  showPayments(c, { upload: state, status: 422 });
const wrongLine = (c: Context<Env>, state: FormState) =>
  showPayments(c, { notice: Object.values(state.errors).join(" "), status: 422 });

/** Bank statements: read, matched with what is awaited, and confirmed by a person. */
export const statementRoutes = new Hono<Env>()
  .use(allowed("payments"))
  .post(
    "/",
    form(upload, wrongFile),
    (c) => orInvalid({}, () => keep(c, c.req.valid("form").file), (state) => wrongFile(c, state)),
  )
  .post("/confirmation", form(chosen, wrongLine), async (c) => {
    const { db, viewer } = c.var;
    const ids = c.req.valid("form").line;
    const [by, found] = await Promise.all([byWhom(c), findOpenLines(db, viewer, ids)]);
    const results = await confirmLines(db, found.filter(isExact) as Matched[], by);
    const confirmed = results.filter(({ problem }) => problem === null).length;
    if (confirmed === ids.length) return goTo(c, `${PATH}?confirmed=${confirmed}`);
    const problems = results.flatMap(({ booking, problem }) =>
      problem === null ? [] : [`${booking?.reference}: ${problem}`]
    );
    const left = ids.length - confirmed - problems.length;
    if (left > 0) problems.push(`${left} changed meanwhile. This is how they stand.`);
    return await showPayments(c, { problems, notice: `${confirmed} confirmed.`, status: 409 });
  })
  .post(
    "/lines/:id/confirmation",
    form(target, wrongLine),
    (c) => decide(c, () => confirm(c, c.req.valid("form").reference)),
  )
  .post(
    "/lines/:id/dismissal",
    (c) =>
      decide(c, async () => {
        const [by, { line }] = await Promise.all([byWhom(c), lineOf(c)]);
        await dismissLine(c.var.db, line, by);
      }),
  );

async function keep(c: Context<Env>, field: unknown) {
  const [by, file] = await Promise.all([byWhom(c), fileIn(field)]);
  if (!file) return await wrongFile(c, { values: {}, errors: { file: choose } });
  const credits = await readStatement(file.bytes, c.var.site.agency.currency);
  const added = await keepCredits(c.var.db, credits, { ...by, file: cleanName(file.name) });
  return goTo(c, `${PATH}?added=${added}&known=${credits.length - added}`);
}

async function confirm(c: Context<Env>, typed: string | undefined) {
  const { db, viewer } = c.var;
  const [by, found, named] = await Promise.all([
    byWhom(c),
    lineOf(c),
    typed ? findTarget(db, viewer, { typed, method: "bank" }) : null,
  ]);
  const { line, booking, payment } = { ...found, ...named };
  if (!booking || !payment) throw notFound();
  await confirmLine(db, { line, booking, payment }, by);
}

const lineOf = (c: Context<Env>) =>
  findLine(c.var.db, c.var.viewer, Number(/^\d{1,15}$/.exec(c.req.param("id") ?? "")?.[0] ?? 0));

/** Decides one line; what stands in the way is said on the page as it is now. */
async function decide(c: Context<Env>, work: () => Promise<void>) {
  const asItStands = (notice: string) => showPayments(c, { notice, status: 409 });
  const run = async () => {
    await work();
    return goTo(c, `${PATH}#statements`);
  };
  return await orInvalid({}, () => orAsItStands(run, asItStands), (state) => wrongLine(c, state));
}
