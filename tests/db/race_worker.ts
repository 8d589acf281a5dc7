import { openDb } from "../../db/client.ts";
import { isProblem } from "../../db/problem.ts";
import { fileOf, NOW } from "../cast.ts";
import { type Step, verbs } from "../verbs.ts";

/** One of two processes: reads every booking, waits for the word, then makes one move of each. */
export type Race = { url: string; move: Step; name: string; references: string[] };
/** The bookings that this process moved, and what it was told at each other one. */
export type Result = { won: string[]; told: string[] };

if (import.meta.main) {
  const { url, move, name, references }: Race = JSON.parse(Deno.args[0] ?? "");
  const db = await openDb(url);
  const files = await Promise.all(references.map((reference) => fileOf(db, reference)));
  console.log("ready");
  await Deno.stdin.read(new Uint8Array(1));
  const result: Result = { won: [], told: [] };
  for (const file of files) {
    try {
      await verbs[move](db, file, { actor: { kind: "admin", id: 1, name }, now: NOW });
      result.won.push(file.booking.reference);
    } catch (error) {
      result.told.push(isProblem(error) ? error.code : String(error));
    }
  }
  db.$client.close();
  console.log(JSON.stringify(result));
}
