/** Whose password it is to be: their own words make a bad one. */
export type PasswordOwner = { email?: string | null; name?: string | null; agency: string };

/** How many of the commonest passwords are refused, of those long enough to be taken at all. */
const COMMONEST = 3000;
const LEAST = 8;
const MOST = 128;

/** What is wrong with the length of a new password, in a sentence; null when nothing is. */
export function lengthProblem(password: string): string | null {
  const { length } = [...password];
  if (length < LEAST) return `A password needs ${LEAST} characters or more.`;
  return length > MOST ? `A password may have ${MOST} characters.` : null;
}

/**
 * What is wrong with a new password, in a sentence that says what to do; null when it may be used. Any letters,
 * signs and spaces will do, and nothing is trimmed: only what would be guessed first is refused.
 */
export async function passwordProblem(
  password: string,
  owner: PasswordOwner,
): Promise<string | null> {
  const problem = lengthProblem(password);
  if (problem) return problem;
  if (isMadeOf(wordsOf(owner), password)) {
    return "This is made of your name, your address or ours, so it is easily guessed. Choose another one, such as a short sentence.";
  }
  if (!(await commonest()).has(password.toLowerCase())) return null;
  return "Many people use this password, so it is guessed first. Choose another one, such as a short sentence.";
}

let list: Promise<Set<string>> | undefined;

/** The list is large and needed seldom, so it is loaded when somebody first chooses a password. */
function commonest(): Promise<Set<string>> {
  return list ??= import("@zxcvbn-ts/language-common").then(({ dictionary }) => {
    const byUse = dictionary["passwords-common"].filter((word) => lengthProblem(word) === null);
    return new Set(byUse.slice(0, COMMONEST));
  });
}

const lettersOf = (text: string) => text.toLowerCase().replace(/\P{L}/gu, "");

/** What others know about the owner: each word, and all that belong together as one. */
function wordsOf({ email, name, agency }: PasswordOwner): string[] {
  const known = ["connectpro", agency, email?.split("@")[0] ?? "", name ?? ""];
  const words = known.flatMap((text) => [text, ...text.split(/\P{L}+/u)]).map(lettersOf);
  return words.filter((word) => word.length > 2).sort((a, b) => b.length - a.length);
}

/** Whether nothing but digits and signs is left of `password` without `words`. */
function isMadeOf(words: string[], password: string): boolean {
  const letters = lettersOf(password);
  return letters !== "" && words.reduce((left, word) => left.replaceAll(word, ""), letters) === "";
}
