// Why a certificate is refused. The reason codes are those of the verifier in Rust.

export class Fault extends Error {
  /** @param {string} reason @param {string} [detail] */
  constructor(reason, detail = "") {
    super(detail === "" ? reason : `${reason}: ${detail}`);
    this.reason = reason;
  }
}

/**
 * @param {unknown} held
 * @param {string} reason
 * @param {unknown} [detail]
 * @returns {asserts held}
 */
export function demand(held, reason, detail = "") {
  if (!held) {
    throw new Fault(reason, String(detail));
  }
}
