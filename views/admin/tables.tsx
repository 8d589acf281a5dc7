import type { Child } from "hono/jsx";
import { Instant } from "../format.tsx";

type Column = string | { label: string; as: "number" | "amount" };
const labelled = (column: Column) => typeof column === "string" ? { label: column } : column;

/** A dense table with a head; wider than the screen it scrolls by itself. */
export function Table({ columns, children }: { columns: Column[]; children: Child }) {
  return (
    <div class="table-scroll">
      <table class="table">
        <TableHead columns={columns} />
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

export const TableHead = ({ columns }: { columns: Column[] }) => (
  <thead>
    <tr>{columns.map((column) => Head(labelled(column)))}</tr>
  </thead>
);

const Head = ({ label, as }: { label: string; as?: string }) => (
  <th scope="col" class={as}>{label}</th>
);

/** The exact instant of something, as a cell. */
export const TimeCell = (props: { at: number; now: number; zone: string }) => (
  <td>
    <Instant {...props} bare />
  </td>
);

export const number = (label: string): Column => ({ label, as: "number" });
export const amount = (label: string): Column => ({ label, as: "amount" });
