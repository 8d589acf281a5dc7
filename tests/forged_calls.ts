import type { PaypalServer } from "./paypal_server.ts";
import type { Call, StripeServer } from "./stripe_server.ts";

const SECOND = 1000;
type Calls = Record<string, Call>;

/** What a genuine call of Stripe's becomes in other hands, by what is wrong with it. */
export async function forgedForStripe(server: StripeServer, genuine: Call): Promise<Calls> {
  const { body, headers: { "stripe-signature": signature = "" } } = genuine;
  const [time = "", right = ""] = signature.split(",");
  const signed = (signature: string, text = body): Call => ({
    body: text,
    headers: { "stripe-signature": signature },
  });
  const saying = (over: object) => server.sign(JSON.stringify({ ...JSON.parse(body), ...over }));
  const now = server.clock();
  return {
    "no header": { body, headers: {} },
    "an empty header": signed(""),
    "not a signature": signed("hello"),
    "no time": signed(right),
    "no signature": signed(time),
    "another secret": await server.sign(body, { secret: "whsec_of_somebody_else" }),
    "another scheme": signed(signature.replace("v1=", "v0=")),
    "half a signature": signed(signature.slice(0, -32)),
    "another amount": signed(signature, body.replace("89000", "89001")),
    "one more space": signed(signature, `${body} `),
    "no body": signed(signature, ""),
    "another time": signed(`t=${now / SECOND - 1},${right}`),
    "another time beside the right one": signed(`t=${now / SECOND + 9999},${signature}`),
    "301 seconds old": await server.sign(body, { at: now - 301 * SECOND }),
    "301 seconds ahead": await server.sign(body, { at: now + 301 * SECOND }),
    "of live money": await saying({ livemode: true }),
    "of another account": await saying({ account: "acct_other" }),
    "no JSON": await server.sign("{"),
  };
}

/** What is Stripe's own although it is not as plain as most: two signatures while a secret is changed, or late. */
export async function genuineForStripe(server: StripeServer, genuine: Call): Promise<Call[]> {
  const { body, headers: { "stripe-signature": signature = "" } } = genuine;
  const other = (await server.sign(body, { secret: "whsec_before" })).headers["stripe-signature"];
  const [time, right] = signature.split(",");
  const both = [time, other?.split(",")[1], right].join(",");
  return [
    genuine,
    { body, headers: { "stripe-signature": both } },
    await server.sign(body, { at: server.clock() - 300 * SECOND }),
    await server.sign(body, { at: server.clock() + 300 * SECOND }),
  ];
}

/** What a genuine call of PayPal's becomes in other hands, by what is wrong with it. */
export async function forgedForPaypal(server: PaypalServer, genuine: Call): Promise<Calls> {
  const { body, headers } = genuine;
  const proofs = Object.keys(headers).filter((name) => name.startsWith("paypal-"));
  const without = proofs.map((name): [string, Call] => {
    const { [name]: _, ...kept } = headers;
    return [`without ${name}`, { body, headers: kept }];
  });
  const other = (name: string, value: string): Call => ({
    body,
    headers: { ...headers, [`paypal-transmission-${name}`]: value },
  });
  const now = server.clock();
  return {
    ...Object.fromEntries(without),
    "another signature": other("sig", "0".repeat(64)),
    "another transmission": other("id", "T-0"),
    "another time": other("time", new Date(now - SECOND).toISOString()),
    "no time at all": other("time", "yesterday"),
    "another amount": { headers, body: body.replace("890.00", "891.00") },
    "one more space": { headers, body: `${body} ` },
    "the same words written anew": { headers, body: JSON.stringify(JSON.parse(body), null, 1) },
    "of another webhook": await server.sign(body, { webhookId: "WH-OTHER" }),
    "301 seconds old": await server.sign(body, { at: now - 301 * SECOND }),
    "301 seconds ahead": await server.sign(body, { at: now + 301 * SECOND }),
    "no JSON": await server.sign("{"),
    "an answer smuggled in": await server.sign('{},"webhook_id":"WH-OTHER"'),
  };
}
