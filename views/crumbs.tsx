type Link = [label: string, href: string];

/** Where a client's bookings are. */
export const yours: Link = ["Your bookings", "/dashboard"];

/** Where a page is, as links to what it is part of: outermost first. */
export const Crumbs = ({ links }: { links: Link[] }) => (
  <nav class="crumbs" aria-label="Where this is">
    {links.map(([label, href]) => <a href={href}>{label}</a>)}
  </nav>
);
