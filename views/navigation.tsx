import type { Permission } from "../db/permissions.ts";
import type { Who } from "./layout.tsx";
import { UnreadBadge } from "./unread.tsx";

/** Some lead only those who may go there. */
const links: Record<"public" | Who["kind"], [string, string, Permission?][]> = {
  public: [["Services", "/services"], ["Book", "/book"], ["Your bookings", "/dashboard"]],
  client: [["Your bookings", "/dashboard"], ["Services", "/services"], ["Book", "/book"]],
  admin: [
    ["Overview", "/admin"],
    ["Bookings", "/admin/bookings"],
    ["Chats", "/admin/chat"],
    ["Payments", "/admin/payments"],
    ["Mails", "/admin/emails"],
    ["Services", "/admin/services", "services"],
    ["Jobs", "/admin/jobs", "jobs"],
    ["Team", "/admin/team", "team"],
    ["Audit", "/admin/audit", "audit"],
    ["Settings", "/admin/settings", "settings"],
  ],
};

const linksFor = (who?: Who) =>
  links[who?.kind ?? "public"].filter(([, , needs]) => !needs || who?.can?.includes(needs));

/** Which link leads to the conversations. */
const chatsAt = (who?: Who) => who?.kind === "admin" ? "/admin/chat" : "/dashboard";

/** Pages that are reached from a list whose address does not begin theirs. */
const within: [path: string, list: string][] = [
  ["/admin/replies", "/admin/chat"],
  ["/admin/categories", "/admin/services"],
  ["/admin/second-factor", "/admin/account"],
];
const accountOf = (who?: Who) => who?.kind === "admin" ? "/admin/account" : "/account";

/** The link that leads to where they are, or to the list above it. */
function hereOf(who?: Who, path = ""): string | undefined {
  const asked = who?.at ?? path;
  const at = within.find(([path]) => asked === path || asked.startsWith(`${path}/`))?.[1] ?? asked;
  const leads = (href: string) => at === href || (href !== "/admin" && at.startsWith(`${href}/`));
  return [...linksFor(who).map(([, href]) => href), accountOf(who)].find(leads);
}

const current = (yes: boolean) => yes ? { "aria-current": "page" as const } : {};

/** Where one may go, with a mark on where one is. */
export function Navigation({ who, path }: { who?: Who; path?: string }) {
  const here = hereOf(who, path);
  return (
    <nav class="site-nav" aria-label="Main">
      <ul>
        {linksFor(who).map(([label, href]) => (
          <li>
            <a
              {...current(href === here)}
              {...(href === chatsAt(who) ? { id: "chats", href } : { href })}
            >
              {label}
              {href === chatsAt(who) && (
                <UnreadBadge count={who?.unread ?? 0} of="conversations with something new" />
              )}
            </a>
          </li>
        ))}
        {who && <SignedIn who={who} here={here} />}
      </ul>
    </nav>
  );
}

const SignedIn = ({ who, here }: { who: Who; here?: string }) => (
  <li class="who">
    <a href={accountOf(who)} {...current(accountOf(who) === here)}>{who.name}</a>
    <form method="post" action="/sign-out">
      <button type="submit" class="quiet">Sign out</button>
    </form>
  </li>
);
