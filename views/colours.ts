/** Red, green and blue of sRGB, each 0 to 255. */
export type Rgb = [number, number, number];
/** Lightness 0 to 1, chroma from 0, hue in degrees. */
type Oklch = { l: number; c: number; h: number };
type Triple = [number, number, number];

/** "#0b5560" as numbers. */
export const rgbOf = (hex: string): Rgb =>
  [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb;

export const hexOf = (rgb: Rgb): string =>
  `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;

/** How far two colours stand apart, 1 to 21: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(rgb: Rgb): number {
  const [red, green, blue] = linear(rgb);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour a screen shows for `colour`: the one of that lightness and hue with as much chroma as sRGB has. */
export function shown({ l, c, h }: Oklch): Rgb {
  let [least, most] = [0, c];
  if (inGamut(linearOf({ l, c, h }))) least = c;
  for (let step = 0; step < 20 && least < most; step++) {
    const middle = (least + most) / 2;
    if (inGamut(linearOf({ l, c: middle, h }))) least = middle;
    else most = middle;
  }
  return linearOf({ l, c: least, h }).map(gamma) as Rgb;
}

/** `share` of one colour in another, as CSS mixes them in Oklab: https://www.w3.org/TR/css-color-5/#color-mix */
export function mixed(one: Rgb, share: number, other: Rgb): Rgb {
  const [a, b] = [labOf(one), labOf(other)];
  const lab = a.map((value, at) => value * share + (b[at] ?? 0) * (1 - share)) as Triple;
  return linearOfLab(lab).map(gamma) as Rgb;
}

export function oklchOf(rgb: Rgb): Oklch {
  const [l, a, b] = labOf(rgb);
  return { l, c: Math.hypot(a, b), h: Math.atan2(b, a) * 180 / Math.PI };
}

const inGamut = (linear: Triple) => linear.every((value) => value > -1e-4 && value < 1 + 1e-4);

/** https://www.w3.org/TR/css-color-4/#predefined-sRGB */
const linear = (rgb: Rgb) =>
  rgb.map((byte) => byte / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4) as Triple;

function gamma(value: number): number {
  const inside = Math.min(1, Math.max(0, value));
  const curved = inside <= 0.0031308 ? inside * 12.92 : 1.055 * inside ** (1 / 2.4) - 0.055;
  return Math.round(curved * 255);
}

const times = (matrix: Triple[], [x, y, z]: Triple) =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as Triple;

/** Björn Ottosson's matrices between linear sRGB and Oklab: https://bottosson.github.io/posts/oklab/ */
function labOf(rgb: Rgb): Triple {
  const cones = times([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
  ], linear(rgb)).map(Math.cbrt) as Triple;
  return times([
    [0.2104542553, 0.793617785, -0.0040720468],
    [1.9779984951, -2.428592205, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.808675766],
  ], cones);
}

const linearOf = ({ l, c, h }: Oklch): Triple => {
  const angle = h * Math.PI / 180;
  return linearOfLab([l, c * Math.cos(angle), c * Math.sin(angle)]);
};

function linearOfLab(lab: Triple): Triple {
  const cones = times([
    [1, 0.3963377774, 0.2158037573],
    [1, -0.1055613458, -0.0638541728],
    [1, -0.0894841775, -1.291485548],
  ], lab).map((value) => value ** 3) as Triple;
  return times([
    [4.0767416621, -3.3077115913, 0.2309699292],
    [-1.2684380046, 2.6097574011, -0.3413193965],
    [-0.0041960863, -0.7034186147, 1.707614701],
  ], cones);
}
