const names: Record<string, string> = {
  approve_overdue: "Approve what nobody answered",
  raise_attention: "Say what needs a person",
  expire_unpaid: "End what nobody paid",
  remind: "Remind clients to pay, and staff of what waits",
  watch_chains: "Look for transfers in USDT",
  settle_payments: "Ask providers about open payments",
  send_refunds: "Send refunds",
  mail_away: "Write to whom messages wait for",
  sweep_files: "Forget files that broke off or are gone",
  send_emails: "Send mails",
  sweep: "Clear out what is over",
};
/** What a job does, as its name on the page. */
export const jobName = (job: string) => names[job] ?? job.replaceAll("_", " ");
export const things = (n: number) => n === 0 ? "nothing" : n === 1 ? "1 thing" : `${n} things`;
