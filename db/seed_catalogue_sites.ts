export const websites = {
  slug: "websites",
  name: "Websites",
  description: "Sites that load fast, read well on a phone and are easy to keep up to date.",
  services: [
    {
      slug: "landing-page",
      name: "Landing page",
      summary: "One page with one goal: a launch, a campaign or a sign-up list.",
      description: "One responsive page, designed and built for a single action.\n" +
        "Copy editing, a contact or sign-up form and basic visit statistics are included.\n" +
        "You get two rounds of changes and the source files.",
      needs: "Your logo, the text in draft, and the one thing a visitor should do.",
      priceMinor: 89_000,
      deliveryDays: 7,
    },
    {
      slug: "business-website",
      name: "Business website",
      summary: "Up to eight pages with a content system that your team can edit.",
      description:
        "Structure, design and build of up to eight pages on a content system you own.\n" +
        "We set up hosting, forms, redirects from your old site and search basics.\n" +
        "A one-hour lesson shows your team how to edit pages.",
      needs: "Access to your domain, texts and pictures, and one person who decides.",
      priceMinor: 349_000,
      deliveryDays: 28,
    },
    {
      slug: "online-shop",
      name: "Online shop",
      summary: "A shop for up to 200 products with card payment, shipping and tax rules.",
      description: "Design and set-up of a shop on a hosted platform of your choice.\n" +
        "We import up to 200 products, connect payment and shipping, and test real orders.\n" +
        "Platform fees and product photos are not included.",
      needs: "Your product list as a spreadsheet, photos, and your payment provider account.",
      priceMinor: 590_000,
      deliveryDays: 40,
    },
    {
      slug: "website-relaunch",
      name: "Website relaunch",
      summary: "A new site in place of the old one, without losing its search positions.",
      description: "We list every page you have, decide with you what stays, and rebuild it.\n" +
        "Old addresses are redirected and the search console is watched for four weeks.\n" +
        "The price depends on the size of the present site, so we look at it first.",
      needs: "The address of the present site, access to its statistics and search console.",
      priceMinor: null,
      deliveryDays: 60,
    },
    {
      slug: "accessibility-review",
      name: "Accessibility review",
      summary: "Ten pages checked against WCAG 2.2 AA, by hand and with assistive technology.",
      description: "We test ten pages with keyboard, screen reader, zoom and automatic tools.\n" +
        "The report lists each fault with its place, its rule, its weight and a way to mend it.\n" +
        "A review is not a certificate; one re-check of the mended pages is included.",
      needs: "The addresses to test, and a test login if pages are behind one.",
      priceMinor: 120_000,
      deliveryDays: 10,
    },
  ],
};

export const design = {
  slug: "design",
  name: "Design",
  description: "A face for your company that people recognise, on screen and on paper.",
  services: [
    {
      slug: "logo-design",
      name: "Logo design",
      summary: "Three different drafts, two rounds of changes, files for print and screen.",
      description: "You see three drafts that differ in idea, not only in colour.\n" +
        "The chosen one is refined in two rounds and delivered as SVG, PDF and PNG.\n" +
        "All rights of use pass to you with payment. A trademark search is not included.",
      needs: "A few words on what you do, for whom, and logos that you like or dislike.",
      priceMinor: 69_000,
      deliveryDays: 12,
    },
    {
      slug: "brand-guide",
      name: "Brand guide",
      summary: "Logo rules, colours, type and tone of voice in one document of 20 pages.",
      description:
        "We write down how your brand looks and speaks, with examples of right and wrong.\n" +
        "Colours come with contrast values for the web and with print values.\n" +
        "You get a PDF, the source file and a kit of templates for slides and letters.",
      needs: "Your logo as a vector file and samples of what you have published so far.",
      priceMinor: 240_000,
      deliveryDays: 21,
    },
    {
      slug: "interface-design",
      name: "Interface design for an app",
      summary: "Up to 15 screens with all their states, as a clickable prototype.",
      description:
        "We sketch the main paths, test them with three of your users and draw the screens.\n" +
        "Empty, loading and error states are part of it, and so are notes for developers.",
      needs: "A list of what people do in the app, and access to three users for an hour each.",
      priceMinor: 480_000,
      deliveryDays: 30,
    },
    {
      slug: "social-media-templates",
      name: "Social media templates",
      summary: "Twelve editable templates for posts and stories in your colours.",
      description: "Twelve templates in the sizes of the networks you use.\n" +
        "Made in a tool that your team can use without a designer, with a short how-to.",
      needs: "Your logo, your colours, and five posts that did well or badly.",
      priceMinor: 39_000,
      deliveryDays: 6,
    },
    {
      slug: "presentation-design",
      name: "Presentation design",
      summary: "Your talk or pitch on up to 20 slides, ordered, drawn and ready to give.",
      description:
        "We put your story in order, cut what is not needed and draw the charts anew.\n" +
        "You get an editable file with speaker notes and one round of changes.",
      needs: "The present slides or an outline, the figures, and the date of the talk.",
      priceMinor: 54_000,
      deliveryDays: 5,
    },
  ],
};
