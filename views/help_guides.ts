import type { JSX } from "hono/jsx/jsx-runtime";
import type { PaymentMethod } from "../db/schema.ts";
import type { Shots } from "./shots.tsx";

/** What guides tell of this agency: hours until we answer, days to pay, the ways to pay it offers. */
export type Told = {
  shots: Shots;
  hours: number;
  urgentHours: number;
  payDays: number;
  offered: PaymentMethod[];
};

export type Guide = {
  /** The last part of its address. */
  name: string;
  title: string;
  about: string;
  Body: (told: Told) => JSX.Element;
};
