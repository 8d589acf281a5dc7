/** What the words mean that programs leave as a reason; what a person wrote stays as it is. */
const reasons: Record<string, string> = {
  short: "It is less than the price.",
  over: "It is more than the price.",
  late: "It came after the booking had ended or gone on without it.",
  doubled: "The booking was paid already: this money came on top.",
  currency: "It came in another currency than the price.",
  token: "It came in another token than the one that was asked for.",
  chain: "The chain took the transaction back, or it came on another chain.",
  unconfirmed: "It was seen on a network that nobody watches any more: look it up in an explorer.",
  ended: "The booking was cancelled or rejected before it came.",
  disputed: "The client disputes it with their bank: answer that at the provider, by its deadline.",
  failed: "The provider says now that it failed, after it had said that it succeeded.",
  held: "It is on hold. Approve it, reject it, or let it go on.",
  unpriced: "It has no catalogue price.",
  inactive: "The service is not offered any more.",
  switched_off: "The service does not approve itself any more.",
  by_hand: "It was left to a person.",
  price_changed: "The catalogue price has changed since it was booked.",
  blocked: "Nothing of this client's approves itself.",
  over_limit: "It is above the sum up to which bookings approve themselves.",
};

export const inWords = (reason: string | null | undefined) => reasons[reason ?? ""] ?? reason;
