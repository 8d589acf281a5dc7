/** Answers about the event's very text: one that was written anew has another signature. */
export async function verify(text: string): Promise<Response> {
  const [, event = ""] = text.match(/"webhook_event":([^]*)\}$/) ?? [];
  const { transmission_id, transmission_time, transmission_sig, webhook_id } = JSON.parse(text);
  const right = await mac([transmission_id, transmission_time, webhook_id, event]);
  const verification_status = right === transmission_sig ? "SUCCESS" : "FAILURE";
  return Response.json({ verification_status });
}

const encoder = new TextEncoder();
const algorithm = { name: "HMAC", hash: "SHA-256" };
const key = await crypto.subtle.importKey("raw", encoder.encode("PayPal's own"), algorithm, false, [
  "sign",
]);

/** The signature of what PayPal sends: nobody else knows the key. */
export async function mac(parts: string[]): Promise<string> {
  const bytes = await crypto.subtle.sign("HMAC", key, encoder.encode(parts.join("|")));
  return new Uint8Array(bytes).toHex();
}
