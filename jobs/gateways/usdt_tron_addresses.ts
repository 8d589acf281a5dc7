const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** The 20 bytes of an address in Base58Check: 41, the bytes, four more to check. */
export function hexOf(address: string): string {
  const number = [...address].reduce((sum, digit) => sum * 58n + BigInt(BASE58.indexOf(digit)), 0n);
  return number.toString(16).padStart(50, "0").slice(2, 42);
}

/** An address stands behind zeros in a topic, and with or without Tron's 41 elsewhere. */
export const lastBytes = (hex = "") => hex.slice(-40).toLowerCase();
