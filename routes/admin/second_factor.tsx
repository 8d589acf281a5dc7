import { type Context, Hono } from "hono";
import { z } from "zod";
import { newSeed, seedAddress, stepOf } from "../../db/one_time_codes.ts";
import { Problem } from "../../db/problem.ts";
import {
  beginFactor,
  confirmFactor,
  readFactor,
  renewRecoveryCodes,
  turnFactorOff,
} from "../../db/second_factors.ts";
import type { Person } from "../../db/sessions.ts";
import {
  type FactorState,
  SecondFactorPage,
  SecondFactorPanel,
} from "../../views/admin/second_factor.tsx";
import { emptyForm, type FormState } from "../../views/form.tsx";
import { sealName } from "../codes.ts";
import { actorOf, type Env } from "../context.ts";
import { codeField } from "../credentials.ts";
import { form } from "../forms.ts";
import { codeLimit, limit } from "../limits.ts";
import { goTo, respond } from "../respond.ts";
import { freshlyProven } from "../step_up.tsx";

const path = "/admin/second-factor";
const firstCode = z.object({ code: codeField });
const wrongCode = "This is not the code of this key. Check the clock of your phone and try again.";

/** Everybody's own second factor. All of it asks for a fresh proof: it decides who gets in. */
export const secondFactorRoutes = new Hono<Env>()
  .use(freshlyProven)
  .get("/", (c) => factorPage(c, emptyForm))
  .post("/", async (c) => {
    const { db, seals, now } = c.var;
    const person = await c.var.person;
    const sealedSeed = await seals.seal(await newSeed(), sealName(person.id));
    await beginFactor(db, person.id, { actor: actorOf(person), now, sealedSeed });
    return goTo(c, path);
  })
  .post("/confirmation", form(firstCode, factorPage), async (c) => {
    const { db, now } = c.var;
    const [person, factor] = await Promise.all([c.var.person, ownFactor(c), count(c)]);
    const { seed: sealedSeed, since } = factor;
    if (!sealedSeed || since !== null) throw goneOn();
    const seed = await openSeed(c, person, sealedSeed);
    const step = await stepOf(seed, c.req.valid("form").code, { now, after: null });
    if (!step) return factorPage(c, { values: {}, errors: { code: wrongCode } });
    const by = { actor: actorOf(person), now, sessionId: person.sessionId };
    const codes = await confirmFactor(db, person.id, { ...by, sealedSeed, step });
    return show(c, person, { is: "codes", codes, first: true });
  })
  .post("/recovery-codes", async (c) => {
    const person = await c.var.person;
    const by = { actor: actorOf(person), now: c.var.now };
    const codes = await renewRecoveryCodes(c.var.db, person.id, by);
    return show(c, person, { is: "codes", codes, first: false });
  })
  .post("/removal", async (c) => {
    const person = await c.var.person;
    const { sessionId } = person;
    await turnFactorOff(c.var.db, person.id, { actor: actorOf(person), now: c.var.now, sessionId });
    return goTo(c, path);
  });

const idOf = ({ viewer }: Context<Env>["var"]) => "id" in viewer ? viewer.id : 0;
const ownFactor = (c: Context<Env>) => readFactor(c.var.db, idOf(c.var));
const count = (c: Context<Env>) => limit(c, [codeLimit(`set-up ${idOf(c.var)}`)]);

const goneOn = () =>
  new Problem("conflict", "This has changed a moment ago. Open the page of your second factor.");

async function openSeed(c: Context<Env>, person: Person, sealed: string): Promise<string> {
  const seed = await c.var.seals.open(sealed, sealName(person.id));
  if (!seed) throw goneOn();
  return seed;
}

async function factorPage(c: Context<Env>, form: FormState) {
  const [person, factor] = await Promise.all([c.var.person, ownFactor(c)]);
  return show(c, person, await stateOf(c, { person, factor, form }));
}

type Own = { person: Person; factor: Awaited<ReturnType<typeof ownFactor>>; form: FormState };

async function stateOf(c: Context<Env>, { person, factor, form }: Own): Promise<FactorState> {
  const { now, site: { agency }, seals } = c.var;
  const { since, codesLeft, required } = factor;
  if (since !== null) {
    return { is: "on", since, codesLeft, required, now, zone: agency.timezone };
  }
  const seed = factor.seed && await seals.open(factor.seed, sealName(person.id));
  if (!seed) return { is: "off", required };
  const address = await seedAddress(seed, { issuer: agency.name, account: person.email });
  return { is: "waiting", seed, address, form };
}

function show(c: Context<Env>, who: Person, state: FactorState) {
  const wrong = state.is === "waiting" && state.form !== emptyForm;
  return respond(c, {
    page: () => <SecondFactorPage site={c.var.site} who={who} state={state} />,
    part: () => <SecondFactorPanel state={state} />,
  }, wrong ? 422 : 200);
}
