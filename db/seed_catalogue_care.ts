export const development = {
  slug: "development",
  name: "Development and automation",
  description: "Software for the part of your work that no product does quite right.",
  services: [
    {
      slug: "web-application",
      name: "Web application, first version",
      summary: "From idea to a first version that real people use, in about eight weeks.",
      description:
        "We agree on the smallest version that is useful, build it and put it online.\n" +
        "Accounts, permissions, tests and backups are part of it. The source code is yours.\n" +
        "You see the state of things every week.",
      needs: "One person with time for two hours a week, and examples of the data.",
      priceMinor: 1_200_000,
      deliveryDays: 56,
    },
    {
      slug: "workflow-automation",
      name: "Workflow automation",
      summary: "One repeated task, such as moving orders into your books, done by itself.",
      description:
        "We watch how the task is done today, connect the tools involved and test it.\n" +
        "You are told when something fails, and nothing is done twice.",
      needs: "A person who does the task today, and access to the tools with test data.",
      priceMinor: 145_000,
      deliveryDays: 14,
    },
    {
      slug: "system-integration",
      name: "System integration",
      summary: "Two systems that exchange data both ways: shop, stock, books or customers.",
      description:
        "We read both interfaces, agree on which side is right for what, and build it.\n" +
        "With a log, repeats after failures and a page that shows the state.\n" +
        "The price depends on the two systems, so we look at them first.",
      needs: "The names and versions of both systems, and documents on their interfaces.",
      priceMinor: null,
      deliveryDays: 45,
    },
    {
      slug: "payment-integration",
      name: "Payment integration",
      summary: "Card and bank payment in your shop or application, tested to the last cent.",
      description:
        "We connect one payment provider, with refunds and a daily comparison of both sides.\n" +
        "Card data never touches your server.",
      needs: "An account with the provider, and access to the source code or the shop.",
      priceMinor: 185_000,
      deliveryDays: 15,
    },
    {
      slug: "code-review",
      name: "Code review",
      summary: "An outside view of your code: what is sound, what is risky, what to do first.",
      description: "Two developers read the parts that matter for up to three days.\n" +
        "You get a written report with examples from your code and an hour to ask.",
      needs: "Read access to the repository, and a note on what worries you.",
      priceMinor: 220_000,
      deliveryDays: 7,
    },
  ],
};

export const care = {
  slug: "care",
  name: "Care and support",
  description: "Somebody who looks after it when it is online.",
  services: [
    {
      slug: "website-care",
      name: "Website care, one year",
      summary: "Updates, backups and watching for twelve months, with a note each quarter.",
      description:
        "We update the system each week on a copy first, and keep daily backups for 30 days.\n" +
        "If the site is down we know within five minutes and act in working hours.\n" +
        "One hour of small changes a month is included.",
      needs: "Access to hosting and content system, and whom to call when it matters.",
      priceMinor: 118_800,
      deliveryDays: 3,
    },
    {
      slug: "speed-tuning",
      name: "Speed tuning",
      summary: "Your slowest three page types made fast, measured before and after.",
      description:
        "We find what makes the pages slow and mend it: pictures, fonts, scripts, caching.\n" +
        "You get measurements from real visits before and after.",
      needs: "Access to the hosting and to the source or the content system.",
      priceMinor: 68_000,
      deliveryDays: 8,
    },
    {
      slug: "emergency-repair",
      name: "Emergency repair",
      summary: "Your site is down or hacked: we begin within two working hours.",
      description:
        "We bring the site back, find the cause and close it, up to six hours of work.\n" +
        "You get a note on what happened. More work is agreed with you first.",
      needs: "Access to hosting, domain and content system, and a phone number.",
      priceMinor: 59_000,
      deliveryDays: 1,
    },
    {
      slug: "hosting-move",
      name: "Move to another host",
      summary: "Site, mail and domain moved over without a day offline.",
      description: "We copy everything, test it on the new host and switch at a quiet hour.\n" +
        "The old host stays as it is for two weeks, in case something was forgotten.",
      needs: "Access to the old and the new host, and to the domain.",
      priceMinor: 32_500,
      deliveryDays: 5,
    },
    {
      slug: "team-training",
      name: "Team training",
      summary: "Half a day for up to eight people, on your own site or tools.",
      description: "Online or at your place, with exercises on your real content.\n" +
        "The subject is yours: writing for the web, the content system, statistics, search.\n" +
        "Travel is added to the price, so we agree on date and place first.",
      needs: "The subject, what your team knows already, and two possible dates.",
      priceMinor: null,
      deliveryDays: 20,
    },
  ],
};
