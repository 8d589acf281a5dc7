import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { type Admin, findAdminByEmail } from "../db/admins.ts";
import { audited } from "../db/audit.ts";
import { commit, type Statement } from "../db/client.ts";
import { rehashed } from "../db/password_changes.ts";
import { commitIfStill, withoutFactor } from "../db/proofs.ts";
import { type Limit, takeBack } from "../db/rate_limits.ts";
import { openSession, type Person } from "../db/sessions.ts";
import { noticeOfFailures } from "../db/sign_in_alarms.ts";
import { randomToken } from "../db/tokens.ts";
import { findUserByEmail, type User } from "../db/users.ts";
import { SignInPage } from "../views/accounts.tsx";
import { emptyForm, type FormState } from "../views/form.tsx";
import { originOf } from "./addresses.ts";
import { issueChallenge } from "./challenges.ts";
import type { Code } from "./codes.ts";
import type { Env } from "./context.ts";
import { ownPath, signInForm } from "./credentials.ts";
import { deviceOf, issueDeviceCookie } from "./devices.ts";
import { form } from "./forms.ts";
import { limit, signInAddressLimit, signInLimit } from "./limits.ts";
import { goTo, respond } from "./respond.ts";
import { issueCookie, readClaims } from "./session.ts";

type Kind = Person["kind"];
type Account = User | Admin;

const areas = {
  client: { path: "/sign-in", home: "/dashboard", find: findUserByEmail },
  admin: { path: "/admin/sign-in", home: "/admin", find: findAdminByEmail },
};
const wrongPair = "This e-mail and password do not belong together. Check both and try again.";
const passwordChosen = "Your password was changed. Sign in with the new one.";
const confirmFirst = "Confirm your address first: open the link in the mail we sent you.";

/**
 * The way in of one area. An unknown address takes as long as a wrong password and reads the same. Tries are
 * counted before anything costly; a right one is taken back.
 */
export function signInRoutes(kind: Kind) {
  const { path, home, find } = areas[kind];

  const page = (c: Context<Env>, state: FormState, status: 200 | 422) => {
    const next = ownPath(state.values.next ?? c.req.query("next"), home);
    const notice = c.req.query("done") === "password" ? passwordChosen : undefined;
    const shown = { site: c.var.site, form: state, action: path, next, notice };
    const props = { ...shown, staff: kind === "admin" };
    return respond(c, { page: () => <SignInPage {...props} /> }, status);
  };
  const refused = (c: Context<Env>, { values }: FormState, message = wrongPair) =>
    page(c, { values, errors: { form: message } }, 422);

  return new Hono<Env>()
    .get(path, (c) => page(c, emptyForm, 200))
    .post(path, form(signInForm, (c, state) => refused(c, state)), inLine, async (c) => {
      const { email, password, next = "" } = c.req.valid("form");
      const tries = await triesFor(c, kind, email);
      const [account] = await Promise.all([find(c.var.db, email), limit(c, tries)]);
      const right = await c.var.passwords.verify(password, account?.passwordHash);
      const state = { values: { email, next }, errors: {} };
      if (!account || !right || account.deactivatedAt) {
        await recordFailure(c, kind, account);
        return refused(c, state);
      }
      if (isUnconfirmed(account)) return refused(c, state, confirmFirst);
      const renewed = await renewedHash(c, { kind, account, password });
      if (hasFactor(account)) return await askForCode(c, { account, tries, next, renewed });
      await enter(c, { kind, account, tries, renewed });
      return goTo(c, ownPath(next, home));
    });
}

/** A crowd is let in a few at a time, each with the whole form in hand: who stops halfway holds up nobody. */
const inLine = createMiddleware<Env>((c, next) => c.var.passwords.line.pass(next));

/** A device that this account has signed in on counts by itself: nobody elsewhere can lock its owner out. */
async function triesFor(c: Context<Env>, kind: Kind, email: string): Promise<Limit[]> {
  const account = `${kind}:${email}`;
  const device = await deviceOf(c, account);
  return [signInLimit(device ? `${account}:${device}` : account), signInAddressLimit(c)];
}

/** A right password is half of it: a code follows, and no session is open before. */
async function askForCode(
  c: Context<Env>,
  of: { account: Account; tries: Limit[]; next: string; renewed: Statement[] },
) {
  const { account: { id }, tries: [tries], next } = of;
  await commit(c.var.db, [takeBack(c.var.db, of.tries), ...of.renewed]);
  await issueChallenge(c, { id, account: tries?.key ?? "", next });
  return goTo(c, "/admin/sign-in/code");
}

type Proof = { kind: Kind; account: Account; password: string };

/** A password whose hash was made with other parameters than today's gets a new one, now that it is known. */
async function renewedHash(c: Context<Env>, { kind, account, password }: Proof) {
  const { passwords } = c.var;
  const from = account.passwordHash;
  if (!from || !passwords.isOutdated(from)) return [];
  return [rehashed({ kind, id: account.id }, { from, to: await passwords.hash(password) })];
}

type Entrance = {
  kind: Kind;
  account: Account;
  tries: Limit[];
  code?: Code;
  renewed?: Statement[];
};

/** Opens a session for whoever has proven that the account is theirs. Throws `conflict` when the code is spent. */
export async function enter(c: Context<Env>, as: Entrance) {
  const { kind, account: { id, name, email }, tries, code, renewed = [] } = as;
  const { db, now } = c.var;
  const sid = randomToken();
  const instead = (await readClaims(c, kind))?.sid;
  const userAgent = c.req.header("User-Agent");
  const by = { actor: { kind, id, name, origin: await originOf(c) }, now };
  const after = code && { code: code.by };
  await commitIfStill(db, [
    ...(code?.uses ?? (kind === "admin" ? withoutFactor(db, id) : [])),
    ...openSession(db, sid, { kind, id, now, userAgent, instead }),
    takeBack(db, tries),
    ...renewed,
    noticeOfFailures({ kind, id }, now),
    audited(db, by, { action: "sign_in", subject: `${kind} ${id}`, after }),
  ]);
  await issueCookie(c, { kind, id, sid });
  await issueDeviceCookie(c, `${kind}:${email}`);
}

export async function recordFailure(
  c: Context<Env>,
  kind: Kind,
  account: Account | undefined,
  { action = "sign_in_failed", also = [] }: { action?: string; also?: Statement[] } = {},
) {
  const { id = null, name = "somebody" } = account ?? {};
  const by = { actor: { kind, id, name, origin: await originOf(c) }, now: c.var.now };
  const subject = account ? `${kind} ${id}` : "unknown address";
  await commit(c.var.db, [audited(c.var.db, by, { action, subject }), ...also]);
}

const isUnconfirmed = (account: Account) =>
  "emailVerifiedAt" in account && account.emailVerifiedAt === null;
const hasFactor = (account: Account) =>
  "totpConfirmedAt" in account && account.totpConfirmedAt !== null;
