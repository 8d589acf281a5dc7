import { type Context, Hono } from "hono";
import { z } from "zod";
import { submitBooking } from "../db/bookings.ts";
import { urgencies } from "../db/schema.ts";
import type { Category, Service } from "../db/services.ts";
import type { Person } from "../db/sessions.ts";
import type { Config } from "../jobs/config.ts";
import { BookPage } from "../views/book.tsx";
import { BookSummary } from "../views/book_summary.tsx";
import { emptyForm, type FormState } from "../views/form.tsx";
import type { Env } from "./context.ts";
import { form, oneLine, orInvalid, written } from "./forms.ts";
import { bookingLimit, limit } from "./limits.ts";
import { goTo, respond } from "./respond.ts";
import { clientIfSignedIn } from "./session.ts";

const text = (max: number, missing: string, kept = oneLine) =>
  z.string(missing).transform(kept).pipe(
    z.string().min(1, missing).max(max, `Use at most ${max} characters.`),
  );
const extra = (max: number) =>
  z.string("Write this once.").transform(oneLine)
    .pipe(z.string().max(max, `Use at most ${max} characters.`)).optional();

const address = "Write an e-mail address like name@example.com.";
const booking = z.object({
  service: text(200, "Choose one of the services on the list."),
  details: text(5000, "Say what you need.", written),
  urgency: z.enum(urgencies, "Choose how urgent it is."),
  name: text(100, "Write your name."),
  email: z.string(address).trim().toLowerCase().max(254, address).pipe(z.email(address)),
  phone: extra(40),
  company: extra(100),
  // A client that sends none, or one that others may send too, books without protection from doubles.
  idempotency_key: z.string().regex(/^[\w-]{8,100}$/).catch(() => crypto.randomUUID()),
});

export const bookRoutes = new Hono<Env>()
  .get("/book", async (c) => {
    const client = await clientIfSignedIn(c);
    const { service = "", urgency = "medium" } = c.req.query();
    const values = { service, urgency, ...known(client) };
    return await bookPage(c, { ...emptyForm, values }, { client });
  })
  .post("/bookings", form(booking, cannotBook), async (c) => {
    const typed = c.req.valid("form");
    const allowed = limit(c, [bookingLimit(c)]);
    const client = Promise.all([clientIfSignedIn(c), allowed]).then(([client]) => client);
    const submit = () => submitBooking(c.var.db, submissionOf(c, typed, client));
    const submitted = await orInvalid(typed, submit, (state) => cannotBook(c, state));
    if (submitted instanceof Response) return submitted;
    const { reference, accessToken } = submitted;
    c.var.queue?.approveOnTime(submitted);
    return goTo(c, await client ? `/bookings/${reference}` : `/status/${accessToken}`);
  });

/** Whether somebody is signed in is read beside what the booking needs, in one round trip. */
function submissionOf(
  c: Context<Env>,
  form: z.infer<typeof booking>,
  client: Promise<Person | null>,
) {
  const { now, config } = c.var;
  const { agency: { currency }, approveAfter } = config;
  return { form, client, currency, approveAfter, now };
}

async function cannotBook(c: Context<Env>, state: FormState) {
  return await bookPage(c, state, { client: await clientIfSignedIn(c), status: 422 });
}

type About = { client: Person | null; status?: 200 | 422 };

async function bookPage(c: Context<Env>, form: FormState, { client, status = 200 }: About) {
  const { site } = c.var;
  const { categories, approvalLimitMinor } = await c.var.catalogue.read();
  const summary = { ...summaryOf(c, categories, form.values), approvalLimitMinor };
  const idempotencyKey = form.values.idempotency_key || crypto.randomUUID();
  const props = { site, who: client ?? undefined, categories, form, idempotencyKey, summary };
  const page = () => <BookPage {...props} />;
  const part = status === 200 ? () => <BookSummary {...summary} /> : undefined;
  return respond(c, { page, part }, status);
}

function summaryOf(c: Context<Env>, categories: Category[], chosen: Record<string, string>) {
  const { site, now, config } = c.var;
  const services = categories.flatMap(({ services }) => services);
  const service = services.find(({ slug }) => slug === chosen.service);
  const urgency = urgencies.find((urgency) => urgency === chosen.urgency) ?? "medium";
  return {
    ...answerHours(config, service),
    ...{ site, now, service, urgency },
  };
}

/** Within how many hours we answer; a service may have hours of its own. */
export const answerHours = (config: Config, service?: Service) => ({
  hours: service?.approveAfterHours ?? config.approveAfter("low"),
  urgentHours: service?.approveAfterHours ?? config.approveAfter("urgent"),
});

/** What we know of a signed-in client already. */
function known(client: Person | null): Record<string, string> {
  if (client?.kind !== "client") return {};
  const { name, email, phone, company } = client;
  return { name, email, phone: phone ?? "", company: company ?? "" };
}
