import { assertEquals } from "@std/assert";
import { deviceWords } from "../../views/devices.ts";

const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
const seen: [string | null, string][] = [
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/141.0 Safari/537.36`,
    "Chrome on Windows",
  ],
  [
    `Mozilla/5.0 (Windows NT 10.0) ${webkit} Chrome/141.0 Safari/537.36 Edg/141.0`,
    "Edge on Windows",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux"],
  [
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/18.0 Safari/605.1`,
    "Safari on a Mac",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webkit} Version/18.0 Safari/604.1`,
    "Safari on an iPhone",
  ],
  [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webkit} CriOS/141 Safari/604.1`,
    "Chrome on an iPhone",
  ],
  [
    `Mozilla/5.0 (Linux; Android 15) ${webkit} SamsungBrowser/28.0 Chrome/130.0 Safari/537.36`,
    "Samsung Internet on Android",
  ],
  [
    `Mozilla/5.0 (X11; CrOS x86_64 16093.0) ${webkit} Chrome/141.0 Safari/537.36`,
    "Chrome on a Chromebook",
  ],
  ["Firefox/143.0", "Firefox"],
  ["curl/8.5.0 (Linux)", "A browser on Linux"],
  ["<script>alert(1)</script>", "An unknown device"],
  ["", "An unknown device"],
  [null, "An unknown device"],
];

Deno.test("a browser is named in plain words, and one we do not know is not guessed", () => {
  for (const [agent, words] of seen) assertEquals([agent, deviceWords(agent)], [agent, words]);
});
