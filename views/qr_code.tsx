import { encode } from "uqr";

/** The quiet edge that readers need, in modules. */
const EDGE = 4;

/** `text` as a QR code, dark on light in every theme: some apps read no other. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: EDGE });
  return (
    <svg
      class="qr"
      width="232"
      height="232"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={data.map(rowOf).join("")} fill="#000" />
    </svg>
  );
}

/** The dark modules of a row, neighbours as one. */
function rowOf(row: boolean[], y: number): string {
  const line = row.map((dark) => dark ? "1" : "0").join("");
  return [...line.matchAll(/1+/g)].map(({ index, 0: run }) =>
    `M${index} ${y}h${run.length}v1h-${run.length}z`
  ).join("");
}
