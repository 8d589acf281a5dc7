import { assertEquals } from "@std/assert";
import { openDb } from "../../db/client.ts";
import { bookingIn, castIn, HOUR } from "../cast.ts";
import { StripeServer } from "../stripe_server.ts";
import { setStage } from "./stage.ts";

Deno.test("a card is paid on Stripe's page and the booking is paid, whether Stripe calls or we must ask", async () => {
  await using stripe = new StripeServer();
  await using stage = await setStage("file", stripe.env);
  const db = await openDb(stage.database);
  const cast = await castIn(db);

  for (const calls of [true, false]) {
    const { booking } = await bookingIn(cast, "approved", { now: Date.now() - HOUR });
    stripe.hook = calls ? `${stage.product.url}/hooks/stripe` : "";
    const client = await stage.tab({ javaScript: !calls });
    await client.goto(`/status/${booking.accessToken}/payment`);
    await client.check("[name=method][value=stripe]");
    await client.getByRole("button", { name: /^Pay USD/ }).click();
    await client.waitForURL(`${stripe.url}/pay/*`);
    await client.getByRole("button", { name: "Pay 890" }).click();
    await client.waitForURL(`**/status/${booking.accessToken}/payments/*`);
    await client.locator("[data-payment-status=succeeded]").first().waitFor();
    await client.goto(`/status/${booking.accessToken}`);
    const panel = client.locator(`[data-reference=${booking.reference}]`).first();
    assertEquals(await panel.getAttribute("data-status"), "paid");
  }
  db.$client.close();
});
