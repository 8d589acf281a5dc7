import { hasAdmin } from "../db/admins.ts";
import type { Db } from "../db/client.ts";
import { randomToken, storeToken } from "../db/tokens.ts";
import type { Config } from "./config.ts";

/** The address where the first admin is made, new at every start; null once there is one. */
export async function setupLink(db: Db, config: Config, now: number): Promise<string | null> {
  if (await hasAdmin(db)) return null;
  const token = config.setupToken ?? randomToken();
  await storeToken(db, token, { purpose: "setup", now });
  return `${config.url}/setup/${token}`;
}
