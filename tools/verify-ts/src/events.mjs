// Each unit has exactly the events that its record has accumulated.

import { concat, frame, sha256 } from "./bytes.mjs";
import { demand, Fault } from "./fault.mjs";
import { leaf, Range } from "./graph.mjs";

const EVENTS_MAX = 4_000_000;

/**
 * The fields of a JSON object as they are spelled: digests are over the very bytes that the chain stored.
 * @param {string} text
 * @returns {Map<string, string>}
 */
export function spelledFields(text) {
  const fields = new Map();
  let at = 1;
  const skip = () => {
    let depth = 0;
    for (;;) {
      const letter = text[at];
      if (letter === undefined) {
        throw new Error("cut off");
      }
      if (letter === '"') {
        at += 1;
        while (text[at] !== '"') {
          at += text[at] === "\\" ? 2 : 1;
          if (at >= text.length) {
            throw new Error("cut off");
          }
        }
      } else if (letter === "{" || letter === "[") {
        depth += 1;
      } else if (letter === "}" || letter === "]") {
        if (depth === 0) {
          return;
        }
        depth -= 1;
      } else if (letter === "," && depth === 0) {
        return;
      }
      at += 1;
    }
  };
  JSON.parse(text);
  if (!text.startsWith("{")) {
    throw new Error("not an object");
  }
  while (text[at] !== "}") {
    const colon = text.indexOf('":', at);
    const name = JSON.parse(text.slice(at, colon + 1));
    at = colon + 2;
    const start = at;
    skip();
    if (fields.has(name)) {
      throw new Error("a field stands twice");
    }
    fields.set(name, text.slice(start, at));
    if (text[at] === ",") {
      at += 1;
    }
  }
  return fields;
}

/** The leaf of an event in the accumulators of its units. @param {{number: bigint, record: string}} event */
function eventLeaf(event) {
  let fields;
  let stored;
  try {
    fields = spelledFields(event.record);
    stored = JSON.parse(event.record);
  } catch (error) {
    throw new Fault("event_unreadable", `${event.number}: ${error}`);
  }
  const spelled = (/** @type {string} */ name) => fields.get(name) ?? "null";
  const readable =
    /^sha-256:[0-9a-f]{64}$/.test(stored.content) &&
    typeof stored.event?.event_id === "string" &&
    typeof stored.actor === "string";
  demand(readable && spelled("number") === String(event.number), "event_unreadable", event.number);
  const content = sha256("suyuan/event/1", frame(spelled("event")), frame(spelled("operation")));
  demand(stored.content === `sha-256:${content.toString("hex")}`, "event_content", event.number);
  const record = sha256(
    "suyuan/record/1",
    content,
    frame(stored.actor),
    frame(spelled("source")),
    [stored.id_proved === true ? 1 : 0],
    frame(spelled("declares")),
  );
  const declares = (stored.declares ?? null) !== null;
  const name = declares ? `declaration:${stored.event.event_id}` : stored.event.event_id;
  return leaf(concat([3], frame(name), record));
}

/** @param {import("./types.d.ts").Certificate} certificate @param {any[]} known */
export function checkEvents(certificate, known) {
  demand(certificate.events.length <= EVENTS_MAX, "too_large");
  const leaves = new Map();
  let last = -1n;
  for (const event of certificate.events) {
    demand(event.number > last, "event_order", event.number);
    last = event.number;
    leaves.set(event.number, eventLeaf(event));
  }
  const used = new Set();
  certificate.units.forEach((unit, at) => {
    const { code, accumulators } = known[at];
    const range = new Range();
    let before = -1n;
    for (const number of unit.events) {
      demand(number > before, "event_order", `${number} of ${code}`);
      before = number;
      demand(leaves.has(number), "event_missing", number);
      range.append(leaves.get(number));
      used.add(number);
    }
    demand(range.count === accumulators.events.count, "events_count", code);
    demand(range.equals(accumulators.events), "events_accumulator", code);
  });
  for (const number of leaves.keys()) {
    demand(used.has(number), "event_foreign", number);
  }
}
