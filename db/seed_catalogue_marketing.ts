export const marketing = {
  slug: "marketing",
  name: "Search and marketing",
  description: "Being found by the people you are for, and knowing what it cost you.",
  services: [
    {
      slug: "seo-audit",
      name: "SEO audit",
      summary: "What keeps your site from being found, in order of what it would bring.",
      description: "We check technique, content and links of up to 500 pages.\n" +
        "The report names at most 20 measures, each with effort and expected effect.\n" +
        "An hour to talk it through is included. Nobody can promise a position.",
      needs: "Read access to your search console and visit statistics.",
      priceMinor: 75_000,
      deliveryDays: 8,
    },
    {
      slug: "seo-monthly",
      name: "SEO, three months",
      summary: "Three months of steady work on your pages, with a report each month.",
      description:
        "Each month: one technical measure, two pages improved, one new page briefed.\n" +
        "The report shows clicks, positions and what we did, in one page.",
      needs: "An account in your content system and a person who releases texts.",
      priceMinor: 270_000,
      deliveryDays: 60,
    },
    {
      slug: "search-ads-setup",
      name: "Search ads set-up",
      summary: "A tidy ads account with up to five campaigns and honest conversion counting.",
      description:
        "Keyword research, ad texts, negative keywords and conversion tracking with consent.\n" +
        "We watch the first two weeks and adjust. Your advertising budget is paid to the network.",
      needs: "Access to your ads account, your monthly budget and what a customer is worth to you.",
      priceMinor: 98_000,
      deliveryDays: 9,
    },
    {
      slug: "newsletter-setup",
      name: "Newsletter set-up",
      summary: "A template, double opt-in sign-up and a welcome series of three mails.",
      description: "We set up the sending domain with SPF, DKIM and DMARC so that mails arrive.\n" +
        "You get a template that reads well in dark mode, a sign-up form and three mails written.",
      needs: "Access to your domain settings and your newsletter tool, if you have one.",
      priceMinor: 62_000,
      deliveryDays: 7,
    },
    {
      slug: "local-listing",
      name: "Local business listing",
      summary: "Your entry on the maps and five directories, complete and the same everywhere.",
      description: "We claim or mend your entries, add opening hours, services and photos.\n" +
        "You keep ownership of every account.",
      needs: "Address, opening hours, five photos, and a phone that takes the code.",
      priceMinor: 19_900,
      deliveryDays: 4,
    },
  ],
};

export const content = {
  slug: "content",
  name: "Content",
  description: "Texts, pictures and films that say what you do in words people use.",
  services: [
    {
      slug: "website-copy",
      name: "Website copy",
      summary: "Five pages written from an interview with you, ready to publish.",
      description: "We talk for an hour, then write five pages of up to 400 words each.\n" +
        "Titles and descriptions for search are included, and two rounds of changes.",
      needs: "One hour of your time and anything that you have written about it before.",
      priceMinor: 84_000,
      deliveryDays: 10,
    },
    {
      slug: "blog-article",
      name: "Blog article",
      summary: "One researched article of about 1,200 words with sources and two pictures.",
      description: "Written by a person who asks your expert first, and checked for facts.\n" +
        "You get the text, two pictures with licence, and a short version for social media.",
      needs: "The topic, the reader you have in mind, and 30 minutes with your expert.",
      priceMinor: 29_000,
      deliveryDays: 6,
    },
    {
      slug: "proofreading",
      name: "Proofreading",
      summary: "Up to 2,000 words checked by two people within two days.",
      description: "Spelling, grammar, terms and numbers, with changes marked in your file.\n" +
        "Style is left as it is unless a sentence cannot be understood.",
      needs: "The text as a file that can be edited, and your list of terms if there is one.",
      priceMinor: 4_900,
      deliveryDays: 2,
    },
    {
      slug: "product-photos",
      name: "Product photos",
      summary: "Twenty products in three views each, cut out and colour-true.",
      description:
        "Photographed in our studio on white, retouched, named after your article numbers.\n" +
        "Delivered in full size and in web size. We send the products back insured.",
      needs: "The products sent to us, and a list of article numbers.",
      priceMinor: 110_000,
      deliveryDays: 14,
    },
    {
      slug: "explainer-video",
      name: "Explainer video",
      summary: "Ninety seconds that show what you do, with voice and subtitles.",
      description: "Script, drawings, animation, a speaker and subtitles in one language.\n" +
        "You release the script before anything is drawn. Music is licensed for the web.\n" +
        "The price depends on the style, so we talk first.",
      needs: "What the viewer should know afterwards, and two or three films whose style you like.",
      priceMinor: null,
      deliveryDays: 35,
    },
  ],
};
