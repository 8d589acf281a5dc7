import type { Booking } from "../../db/booking_moves.ts";
import { money } from "../format.tsx";
import { Alert } from "../layout.tsx";
import { Reference } from "./list_links.tsx";
import { type Acting, MoveForm } from "./move_forms.tsx";
import { moveWord } from "./move_words.ts";

/** In a row, which shows its new state by itself: for 10 seconds the way back. */
export function Done({ at }: { at: Acting }) {
  if (!at.done) return null;
  const words = `${at.booking.reference}: ${doneWords(at)}`;
  return (
    <>
      <span class="visually-hidden" data-said={words}>{words}</span>
      <Undo at={at} />
    </>
  );
}

/** The same above the list, for the row that has left it. */
export const DecisionNotice = ({ at }: { at: Acting }) => (
  <Alert kind="good">
    <div class="cluster">
      <Reference of={at.booking.reference} /> {doneWords(at)} <Undo at={at} />
    </div>
  </Alert>
);

function doneWords({ booking, done }: Acting): string {
  const word = moveWord(done?.move ?? "");
  return done?.move === "approve" ? `${word} at ${priceOf(booking)}` : word;
}

const priceOf = ({ priceMinor, currency }: Booking) => money(priceMinor ?? 0, currency);

function Undo({ at }: { at: Acting }) {
  const { done, booking } = at;
  if (!done?.undo) return null;
  return (
    <div class={done.undo === "undo" ? "undo fleeting" : "undo"}>
      <MoveForm at={at} action={done.undo}>
        <button type="submit" class="quiet" id={`${booking.reference}-undo`}>Undo</button>
      </MoveForm>
    </div>
  );
}
