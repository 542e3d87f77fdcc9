// Addresses as text (BIP 173), in the one spelling that chains use.

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** @param {number[]} values */
function polymod(values) {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    GENERATOR.forEach((part, bit) => {
      check ^= (top >>> bit) & 1 ? part : 0;
    });
  }
  return check >>> 0;
}

/** Prefix and bytes, or null. @param {string} address @returns {{prefix: string, bytes: Buffer} | null} */
export function decode(address) {
  const cut = address.lastIndexOf("1");
  const prefix = address.slice(0, cut);
  if (address.length > 90 || cut < 1 || !/^[\x21-\x40\x5b-\x7e]+$/.test(prefix)) {
    return null;
  }
  const values = [...address.slice(cut + 1)].map((letter) => ALPHABET.indexOf(letter));
  if (values.length < 6 || values.includes(-1)) {
    return null;
  }
  const codes = [...prefix].map((letter) => letter.charCodeAt(0));
  if (polymod([...codes.map((c) => c >> 5), 0, ...codes.map((c) => c & 31), ...values]) !== 1) {
    return null;
  }
  const bytes = [];
  let bits = 0;
  let rest = 0;
  for (const value of values.slice(0, -6)) {
    rest = ((rest << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((rest >> bits) & 0xff);
    }
  }
  const padding = rest & ((1 << bits) - 1);
  return bits < 5 && padding === 0 ? { prefix, bytes: Buffer.from(bytes) } : null;
}
