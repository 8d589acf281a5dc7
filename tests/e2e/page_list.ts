import { templates } from "../../db/schema.ts";
import { guides } from "../../views/help.tsx";
import type { Scene, Viewer } from "./page_scene.ts";

/** Addresses that answer with something else than a page of ours, and what that is. */
export const noPages: Record<string, string> = {
  "/livez": "a word for machines",
  "/readyz": "a word for machines",
  "/metrics": "numbers for machines",
  "/robots.txt": "text for machines",
  "/sitemap.xml": "XML for machines",
  "/.well-known/change-password": "leads on",
  "/.well-known/security.txt": "text for machines",
  "/static/icons.svg": "a file",
  "/static/:file": "files",
  "/brand/:file": "files",
  "/static/help/:file": "files",
  "/icon.svg": "a file",
  "/icon-unread.svg": "a file",
  "/icon-192.png": "a file",
  "/icon-512.png": "a file",
  "/apple-touch-icon.png": "a file",
  "/sw.js": "a script",
  "/manifest.webmanifest": "JSON for browsers",
  "/dev/mail/:id": "a mail on its own",
  "/dev/mail/templates/:template/html": "a mail on its own",
  "/admin/emails/preview/:template/html": "a mail on its own",
  "/admin/emails/:id{[0-9]{1,15}}/html": "a mail on its own",
  "/status/:token/payments/:id/proof": "a file that is saved",
  "/bookings/:ref/payments/:id/proof": "a file that is saved",
  "/admin/payments/:id/proof": "a file that is saved",
  "/status/:token/receipts/:name": "a PDF",
  "/bookings/:ref/receipts/:name": "a PDF",
  "/admin/bookings/:ref/receipts/:name": "a PDF",
  "/admin/payments/export.csv": "a table to save",
  "/admin/charts/:file": "a table to save",
  "/bookings/:ref/chat/files/:id": "a file that is saved",
  "/admin/bookings/:ref/chat/files/:id": "a file that is saved",
  "/bookings/:ref/chat/stream": "a stream",
  "/admin/bookings/:ref/chat/stream": "a stream",
};

/** One place to look at: who looks, by which route, where, and the status: 422 is what its form answers when it is sent empty. */
export type Place = {
  who: Viewer;
  route: string;
  path: string;
  status: number;
  /** Another state of a page that stands above. */
  again: boolean;
};

/** All pages, in every state that looks different. */
export function placesIn(scene: Scene): Place[] {
  const rows = [...publicPages(scene), ...guestPages(scene), ...clientPages(scene)]
    .concat(adminPages(scene), problemPages(scene));
  const names = rows.map(([who, route]) => `${who} ${route}`);
  return rows.map(([who, route, path = route, status = 200], at) => {
    const again = names.indexOf(names[at] ?? "") < at;
    return { who, route, path, status, again };
  });
}

type Row = [who: Viewer, route: string, path?: string, status?: number];

const publicPages = ({ links, setup }: Scene): Row[] => [
  ["stranger", "/"],
  ["stranger", "/services"],
  ["stranger", "/services", "/services?category=content&price=open"],
  ["stranger", "/legal"],
  ["stranger", "/offline"],
  ["stranger", "/help"],
  ...[...guides.keys()].map((name): Row => ["stranger", "/help/:guide", `/help/${name}`]),
  ["stranger", "/services/:slug", "/services/landing-page"],
  ["stranger", "/services/:slug", "/services/website-relaunch"],
  ["stranger", "/book"],
  ["stranger", "/book", "/book?service=landing-page"],
  ["stranger", "/sign-in"],
  ["stranger", "/register"],
  ["stranger", "/claim/:token", `/claim/${links.claim}`],
  ["stranger", "/reset-password"],
  ["stranger", "/reset-password/:token", `/reset-password/${links.reset}`],
  [
    "stranger",
    "/admin/reset-password/:token",
    `/admin/reset-password/${links.staff_reset}`,
  ],
  ["stranger", "/verify-email/:token", `/verify-email/${links.verify}`],
  ["stranger", "/confirm-email/:token", `/confirm-email/${links.email_new}`],
  ["stranger", "/admin/sign-in"],
  ["stranger", "/setup/:token", setup],
  ["stranger", "/admin/register/:token", `/admin/register/${links.invitation}`],
  ["stranger", "/dev/components"],
  ["stranger", "/dev/mail"],
  ["stranger", "/dev/mail/templates"],
  ["stranger", "/dev/mail/templates/:template", `/dev/mail/templates/${templates[0]}`],
  ["halfway", "/admin/sign-in/code"],
];

/** The first of each kind. */
function oneOfEach<T>(all: T[], kindOf: (one: T) => unknown): T[] {
  const kinds = all.map((one) => String(kindOf(one)));
  return all.filter((_, at) => kinds.indexOf(kinds[at] ?? "") === at);
}

/** What a guest sees of bookings that are not Alice's. */
function guestPages({ bookings, longest }: Scene): Row[] {
  const guests = bookings.filter(({ alices }) => !alices);
  const shown = oneOfEach(guests, ({ status }) => status);
  const pages = shown.map(({ accessToken }): Row => [
    ...["stranger", "/status/:token", `/status/${accessToken}`] as const,
  ]);
  const base = `/status/${longest.accessToken}`;
  const payment = shown.flatMap(({ accessToken, payments }) =>
    payments.map(({ id }) => `/status/${accessToken}/payments/${id}`)
  );
  return [
    ...pages,
    ["stranger", "/status/:token", base],
    ["stranger", "/status/:token/payment", `${base}/payment`],
    ["stranger", "/status/:token/payments/:id", payment[0]],
  ];
}

function clientPages({ bookings, message }: Scene): Row[] {
  const alices = bookings.filter((booking) => booking.alices);
  const shown = oneOfEach(alices, ({ status }) => status);
  const payments = alices.flatMap(({ reference, payments }) =>
    payments.map((payment) => ({ ...payment, reference }))
  );
  const attempts = oneOfEach(payments, (of) => [of.method, of.status, of.network, of.reason]);
  const withRoom = shown.filter(({ status }) => status === "paid" || status === "completed");
  const chat = `/bookings/${message.reference}/chat`;
  const approved = shown.find(({ status }) => status === "approved");
  return [
    ["client", "/dashboard"],
    ["client", "/account"],
    ...shown.map(({ reference }): Row => ["client", "/bookings/:ref", `/bookings/${reference}`]),
    ["client", "/bookings/:ref/payment", `/bookings/${approved?.reference}/payment`],
    ...attempts.map(({ reference, id }): Row => [
      ...["client", "/bookings/:ref/payments/:id"] as const,
      `/bookings/${reference}/payments/${id}`,
    ]),
    ...withRoom.map(({ reference }): Row => [
      ...["client", "/bookings/:ref/chat", `/bookings/${reference}/chat`] as const,
    ]),
    ["client", "/bookings/:ref/chat", chat],
    ["client", "/bookings/:ref/chat/messages/:id", `${chat}/messages/${message.alices}`],
  ];
}

function adminPages(scene: Scene): Row[] {
  const { bookings, longest, mails, refundable, message } = scene;
  const chat = `/admin/bookings/${message.reference}/chat`;
  const notes = `/admin/bookings/${message.reference}/notes`;
  const waiting = bookings.find(({ status }) => status === "pending")?.reference;
  const shown = [
    ...oneOfEach(bookings, ({ status, heldAt }) => [status, heldAt !== null]),
    ...bookings.filter(({ payments }) => payments.some(({ id }) => id === refundable)),
    longest,
  ];
  return [
    ["owner", "/admin"],
    ["agent", "/admin"],
    ["owner", "/admin/bookings"],
    ["owner", "/admin/bookings", "/admin/bookings?q=nothing-like-this"],
    ["owner", "/admin/bookings", `/admin/bookings?status=pending&open=${waiting}&done=${waiting}`],
    ...shown.map(({ reference }): Row => [
      ...["owner", "/admin/bookings/:ref", `/admin/bookings/${reference}`] as const,
    ]),
    ["owner", "/admin/bookings/:ref/chat", chat],
    ["owner", "/admin/bookings/:ref/chat/messages/:id", `${chat}/messages/${message.adas}`],
    ["owner", "/admin/bookings/:ref/chat", `${chat}?reply=thanks`],
    ["owner", "/admin/bookings/:ref/notes", notes],
    ["owner", "/admin/bookings/:ref/notes", notes, 422],
    ["owner", "/admin/chat"],
    ["owner", "/admin/chat", "/admin/chat?q=list+each"],
    ["agent", "/admin/chat"],
    ["owner", "/admin/payments"],
    ["agent", "/admin/payments"],
    ["owner", "/admin/payments/:id/refund", `/admin/payments/${refundable}/refund`],
    ["owner", "/admin/emails"],
    ["owner", "/admin/emails/:id{[0-9]{1,15}}", `/admin/emails/${mails.sent}`],
    ["owner", "/admin/emails/:id{[0-9]{1,15}}", `/admin/emails/${mails.dead}`],
    ["owner", "/admin/emails/preview"],
    ["owner", "/admin/emails/preview/:template", `/admin/emails/preview/${templates[1]}`],
    ...ownPages,
    ["manager", "/admin/second-factor"],
    ["agent", "/admin/second-factor"],
  ];
}

const ownPages: Row[] = [
  ["owner", "/admin/emails/suppressed"],
  ["owner", "/admin/replies"],
  ["owner", "/admin/services"],
  ["owner", "/admin/services/new"],
  ["owner", "/admin/services/:slug", "/admin/services/landing-page"],
  ["owner", "/admin/categories"],
  ["owner", "/admin/team"],
  ["owner", "/admin/audit"],
  ["owner", "/admin/jobs"],
  ["owner", "/admin/account"],
  ["owner", "/admin/settings"],
  ["owner", "/admin/settings/brand"],
  ["owner", "/admin/confirm"],
  ["owner", "/admin/second-factor"],
];

const problemPages = ({ links }: Scene): Row[] => [
  ["stranger", "not found", "/no-such-page", 404],
  ["stranger", "used up", `/reset-password/${links.old}`, 410],
  ["agent", "not allowed", "/admin/team", 403],
  ["stranger", "/book", "/book", 422],
  ["stranger", "/register", "/register", 422],
  ["stranger", "/sign-in", "/sign-in", 422],
  ["owner", "/admin/services/new", "/admin/services/new", 422],
];
