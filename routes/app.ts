import { Hono } from "hono";
import { accountPages, adminAccountPages } from "./account.tsx";
import { accountRoutes } from "./accounts.tsx";
import { adminAccountRoutes } from "./admin/accounts.tsx";
import { auditRoutes } from "./admin/audit.tsx";
import { adminBookingRoutes } from "./admin/bookings.tsx";
import { adminCategoryRoutes } from "./admin/categories.tsx";
import { adminChatRoutes } from "./admin/chat.tsx";
import { dashboardRoutes } from "./admin/dashboard.tsx";
import { adminEmailRoutes } from "./admin/emails.tsx";
import { adminPaymentRoutes } from "./admin/payments.tsx";
import { secondFactorRoutes } from "./admin/second_factor.tsx";
import { adminServiceRoutes } from "./admin/services.tsx";
import { settingsRoutes } from "./admin/settings.tsx";
import { signInCodeRoutes } from "./admin/sign_in_codes.tsx";
import { teamRoutes } from "./admin/team.tsx";
import { assetRoutes } from "./assets.ts";
import { bookingRoutes } from "./bookings.tsx";
import { bookRoutes } from "./book.tsx";
import { chatRoutes } from "./chat.tsx";
import type { Deps, Env } from "./context.ts";
import { developmentRoutes } from "./development.tsx";
import { ownPagesOnly, securityHeaders, smallBodies } from "./gate.ts";
import { emailChangeRoutes } from "./email_changes.tsx";
import { guestRoutes } from "./guests.tsx";
import { healthRoutes } from "./health.ts";
import { homeRoutes } from "./home.tsx";
import { paymentRoutes } from "./payments.tsx";
import { answerProblem, answerUnknown } from "./problems.tsx";
import { registrationRoutes } from "./registrations.tsx";
import { nudgeAfterChange, requestContext } from "./request.ts";
import { signedIn } from "./session.ts";
import { stepUpRoutes } from "./step_up.tsx";

type Place = [path: string, routes: Hono<Env>];

const openToEveryone: Place[] = [
  ["/", healthRoutes],
  ["/", assetRoutes],
  ["/", homeRoutes],
  ["/", bookRoutes],
  ["/", accountRoutes],
  ["/", registrationRoutes],
  ["/", emailChangeRoutes],
  ["/status/:token", guestRoutes],
  ["/", adminAccountRoutes],
  ["/admin/sign-in/code", signInCodeRoutes],
];

const forAdmins: Place[] = [
  ["/admin", dashboardRoutes],
  ["/admin/bookings", adminBookingRoutes],
  ["/admin/bookings/:ref/chat", adminChatRoutes],
  ["/admin/payments", adminPaymentRoutes],
  ["/admin/emails", adminEmailRoutes],
  ["/admin/services", adminServiceRoutes],
  ["/admin/categories", adminCategoryRoutes],
  ["/admin/team", teamRoutes],
  ["/admin/audit", auditRoutes],
  ["/admin/account", adminAccountPages],
  ["/admin/settings", settingsRoutes],
  ["/admin/second-factor", secondFactorRoutes],
  ["/admin/confirm", stepUpRoutes],
];

const forClients: Place[] = [
  ["/account", accountPages],
  ["/", bookingRoutes],
  ["/bookings/:ref", paymentRoutes],
  ["/bookings/:ref/chat", chatRoutes],
];

/** The site map is the three lists above: what stands on the first answers anybody. */
export function createApp(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  app.use(requestContext(deps), securityHeaders, nudgeAfterChange, ownPagesOnly, smallBodies);
  app.onError(answerProblem);
  app.notFound(answerUnknown);
  const mount = ([path, routes]: Place) => void app.route(path, routes);

  openToEveryone.forEach(mount);
  if (!deps.config.production) app.route("/dev", developmentRoutes);
  app.use("/admin/*", signedIn("admin"));
  forAdmins.forEach(mount);
  for (const area of ["/dashboard", "/bookings/*", "/account/*"]) app.use(area, signedIn("client"));
  forClients.forEach(mount);
  return app;
}
