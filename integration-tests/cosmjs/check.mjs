// What every part of the acceptance run shares: assertions that name what was expected, and the settings.

/** Throws with `what` unless `condition` holds. */
export function check(condition, what) {
  if (!condition) throw new Error(`expected: ${what}`);
}

/** Throws unless both are equal as JSON, bigint included. */
export function checkEqual(actual, expected, what) {
  const text = (value) =>
    JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner));
  check(text(actual) === text(expected), `${what} = ${text(expected)}, got ${text(actual)}`);
}

/** Awaits `promise`, which has to be rejected with a message that matches; gives the error back. */
export async function checkRejects(promise, pattern, what) {
  let error;
  try {
    await promise;
  } catch (caught) {
    error = caught;
  }
  check(error !== undefined, `${what} is refused`);
  check(pattern.test(error.message), `${what} is refused with ${pattern}, got: ${error.message}`);
  return error;
}

/** A setting that must be there. */
export function required(name) {
  const value = process.env[name];
  check(value !== undefined && value !== "", `the environment variable ${name} is set`);
  return value;
}

/** A whole number from an optional setting; undefined where it is not set. */
export function optionalCount(name) {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  check(/^[0-9]+$/.test(text), `${name} is a whole number, got ${text}`);
  return Number(text);
}
