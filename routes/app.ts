import { Hono } from "hono";
import { accountPages, adminAccountPages } from "./account.tsx";
import { accountRoutes } from "./accounts.tsx";
import { adminAccountRoutes } from "./admin/accounts.tsx";
import { auditRoutes } from "./admin/audit.tsx";
import { adminBrandRoutes } from "./admin/brand.tsx";
import { noteRoutes } from "./admin/booking_notes.tsx";
import { adminBookingRoutes } from "./admin/bookings.tsx";
import { adminCategoryRoutes } from "./admin/categories.tsx";
import { chartRoutes } from "./admin/charts.ts";
import { adminChatRoutes } from "./admin/chat.tsx";
import { chatRoomRoutes } from "./admin/chat_rooms.tsx";
import { dashboardRoutes } from "./admin/dashboard.tsx";
import { previewRoutes } from "./admin/email_previews.tsx";
import { adminEmailRoutes } from "./admin/emails.tsx";
import { adminResetRoutes } from "./admin/new_passwords.tsx";
import { paymentExportRoutes } from "./admin/payment_exports.ts";
import { adminPaymentRoutes } from "./admin/payments.tsx";
import { paymentRefundRoutes, refundRoutes } from "./admin/refunds.tsx";
import { secondFactorRoutes } from "./admin/second_factor.tsx";
import { adminServiceRoutes } from "./admin/services.tsx";
import { jobRoutes } from "./admin/jobs.tsx";
import { replyRoutes } from "./admin/replies.tsx";
import { settingsRoutes } from "./admin/settings.tsx";
import { signInCodeRoutes } from "./admin/sign_in_codes.tsx";
import { statementRoutes } from "./admin/statements.tsx";
import { suppressedRoutes } from "./admin/suppressed.tsx";
import { teamRoutes } from "./admin/team.tsx";
import { transferRoutes } from "./admin/transfers.tsx";
import { assetRoutes } from "./assets.ts";
import { brandRoutes } from "./brands.ts";
import { bookingRoutes } from "./bookings.tsx";
import { bookRoutes } from "./book.tsx";
import { chatRoutes } from "./chat.tsx";
import { compressPages } from "./compression.ts";
import type { Deps, Env } from "./context.ts";
import { developmentRoutes } from "./development.tsx";
import { ownPagesOnly, securityHeaders, smallBodies } from "./gate.ts";
import { emailChangeRoutes } from "./email_changes.tsx";
import { guestRoutes } from "./guests.tsx";
import { healthRoutes } from "./health.ts";
import { qstashRoutes } from "./hooks_qstash.ts";
import { resendRoutes } from "./hooks_resend.ts";
import { homeRoutes } from "./home.tsx";
import { hookRoutes } from "./hooks.ts";
import { helpRoutes } from "./help.tsx";
import { installationRoutes } from "./installation.ts";
import { KeptAnswers } from "./kept_answers.ts";
import { metricsRoutes } from "./metrics.ts";
import { offlineRoutes } from "./offline.tsx";
import { paymentRoutes } from "./payments.tsx";
import { policyReportRoutes } from "./policy_reports.ts";
import { answerProblem, answerUnknown } from "./problems.tsx";
import { adminReceiptRoutes, guestReceiptRoutes, receiptRoutes } from "./receipts.tsx";
import { registrationRoutes } from "./registrations.tsx";
import { nudgeAfterChange, requestContext } from "./request.ts";
import { signedIn } from "./session.ts";
import { stepUpRoutes } from "./step_up.tsx";

type Place = [path: string, routes: Hono<Env>];

/** Called by other companies' servers, who sign what they send: outside the gate that wants our own pages. */
const signedByOthers: Place[] = [
  ["/hooks", hookRoutes],
  ["/hooks/qstash", qstashRoutes],
  ["/hooks/resend", resendRoutes],
];

const openToEveryone: Place[] = [
  ["/", healthRoutes],
  ["/", metricsRoutes],
  ["/", policyReportRoutes],
  ["/", assetRoutes],
  ["/", brandRoutes],
  ["/", installationRoutes],
  ["/", offlineRoutes],
  ["/", helpRoutes],
  ["/", homeRoutes],
  ["/", bookRoutes],
  ["/", accountRoutes],
  ["/", registrationRoutes],
  ["/", emailChangeRoutes],
  ["/status/:token", guestRoutes],
  ["/status/:token", guestReceiptRoutes],
  ["/", adminAccountRoutes],
  ["/admin/sign-in/code", signInCodeRoutes],
  ["/admin/reset-password/:token", adminResetRoutes],
];

const forAdmins: Place[] = [
  ["/admin", dashboardRoutes],
  ["/admin/charts", chartRoutes],
  ["/admin/bookings", adminBookingRoutes],
  ["/admin/bookings", noteRoutes],
  ["/admin/bookings/:ref", adminReceiptRoutes],
  ["/admin/bookings/:ref/chat", adminChatRoutes],
  ["/admin/chat", chatRoomRoutes],
  ["/admin/replies", replyRoutes],
  ["/admin/payments/statements", statementRoutes],
  ["/admin/payments/transfers", transferRoutes],
  ["/admin/payments", paymentExportRoutes],
  ["/admin/payments", adminPaymentRoutes],
  ["/admin/payments", paymentRefundRoutes],
  ["/admin/refunds", refundRoutes],
  ["/admin/emails", adminEmailRoutes],
  ["/admin/emails/preview", previewRoutes("/admin/emails/preview")],
  ["/admin/emails/suppressed", suppressedRoutes],
  ["/admin/services", adminServiceRoutes],
  ["/admin/categories", adminCategoryRoutes],
  ["/admin/team", teamRoutes],
  ["/admin/audit", auditRoutes],
  ["/admin/jobs", jobRoutes],
  ["/admin/account", adminAccountPages],
  ["/admin/settings", adminBrandRoutes],
  ["/admin/settings", settingsRoutes],
  ["/admin/second-factor", secondFactorRoutes],
  ["/admin/confirm", stepUpRoutes],
];

const forClients: Place[] = [
  ["/account", accountPages],
  ["/", bookingRoutes],
  ["/bookings/:ref", paymentRoutes],
  ["/bookings/:ref", receiptRoutes],
  ["/bookings/:ref/chat", chatRoutes],
];

/** The site map is the lists above: what stands on the first two answers anybody. */
export function createApp(deps: Deps): Hono<Env> {
  const app = new Hono<Env>();
  const answers = new KeptAnswers(deps);
  app.use(answers.keep, requestContext(deps), compressPages, securityHeaders, nudgeAfterChange);
  app.onError(answerProblem);
  app.notFound(answerUnknown(app));
  const mount = ([path, routes]: Place) => void app.route(path, routes);

  app.use("/hooks/*", smallBodies);
  signedByOthers.forEach(mount);
  app.use(ownPagesOnly, smallBodies);
  openToEveryone.forEach(mount);
  if (!deps.config.production) app.route("/dev", developmentRoutes);
  app.use("/admin/*", signedIn("admin"));
  forAdmins.forEach(mount);
  for (const area of ["/dashboard", "/bookings/*", "/account/*"]) app.use(area, signedIn("client"));
  forClients.forEach(mount);
  const walk = app.fetch;
  app.fetch = (request, ...given) => answers.again(request) ?? walk(request, ...given);
  return app;
}
