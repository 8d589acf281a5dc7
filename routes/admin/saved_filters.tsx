import { type Context, Hono } from "hono";
import { z } from "zod";
import { removeFilter, saveFilter } from "../../db/saved_filters.ts";
import { notFound } from "../../db/problem.ts";
import type { FormState } from "../../views/form.tsx";
import type { Env } from "../context.ts";
import { form, oneLine, orInvalid } from "../forms.ts";
import { goTo } from "../respond.ts";
import { askedOf, kept } from "./booking_queries.ts";

const filter = z.object({
  name: z.string("Write a name.").transform(oneLine)
    .pipe(z.string().min(1, "Write a name.").max(40, "Write at most 40 characters.")),
  query: z.string("Load this page again.").max(500, "Load this page again."),
});

type Params = Record<string, string>;
type Show = (c: Context<Env>, query: Params, form: FormState) => Response | Promise<Response>;

const paramsOf = (query: string): Params => Object.fromEntries(new URLSearchParams(query));

/** The lists that an admin keeps under a name; `show` answers with the list they were about to keep. */
export function savedFilterRoutes(show: Show) {
  const again = (c: Context<Env>, form: FormState) =>
    show(c, paramsOf(form.values.query ?? ""), form);
  return new Hono<Env>()
    .post("/filters", form(filter, again), async (c) => {
      const sent = c.req.valid("form");
      const { id: adminId } = await c.var.person;
      const query = kept(askedOf(paramsOf(sent.query)));
      return await orInvalid(sent, async () => {
        await saveFilter(c.var.db, { adminId, name: sent.name, query });
        return goTo(c, `/admin/bookings?${query}`);
      }, (state) => again(c, state));
    })
    .post("/filters/:id{[0-9]{1,15}}/removal", async (c) => {
      const { id: adminId } = await c.var.person;
      const removed = await removeFilter(c.var.db, adminId, Number(c.req.param("id")));
      if (!removed) throw notFound();
      return goTo(c, "/admin/bookings");
    });
}
