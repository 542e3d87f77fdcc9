// Edits functions of a module between lowering and optimising: node tools/wasm-polish.mjs IN.wasm MEMORY.wasm OUT.wasm
//
// 1. Copying and filling memory: the bodies that binaryen made are replaced by ours. MEMORY is tools/wasm-memory.wat,
//    lowered like IN, and has both.
// 2. What would print backtraces becomes `unreachable`, so that what hangs on it is dropped. Errors of cosmwasm-std carry a
//    backtrace; in wasm it is always the disabled one, for there is no stack to walk, but rustc links what would print its
//    lines, and with it the readers of symbol names. Should one be reached all the same, the call ends with a trap.
import { readFileSync, writeFileSync } from 'node:fs';

const NEVER_RUN = [
  /12backtrace_rs5print.*17BacktraceFrameFmt21print_raw_with_column/,
  /12backtrace_rs9symbolize.*10SymbolName.*7Display3fmt/,
  // everything whose own crate, the first in the name, is rustc_demangle; vtables keep it otherwise
  /^_R(?:(?!Cs[0-9A-Za-z]+_\d).)*Cs[0-9A-Za-z]+_14rustc_demangle/,
];
const CUSTOM = 0;
const IMPORT = 2;
const CODE = 10;
const NAMES_OF_FUNCTIONS = 1;
// no locals, `unreachable`, `end`
const TRAP = Buffer.from([0x00, 0x00, 0x0b]);

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  done() {
    return this.at >= this.bytes.length;
  }
  byte() {
    if (this.done()) throw new Error('the file ends too early');
    return this.bytes[this.at++];
  }
  number() {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
    throw new Error('a number of more than 32 bits');
  }
  take(length) {
    if (this.at + length > this.bytes.length) throw new Error('the file ends too early');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  text() {
    return this.take(this.number()).toString('utf8');
  }
  limits() {
    const flags = this.number();
    this.number();
    if (flags & 1) this.number();
  }
}

function leb(value) {
  const bytes = [];
  do {
    const low = value % 128;
    value = Math.floor(value / 128);
    bytes.push(value ? low | 128 : low);
  } while (value);
  return Buffer.from(bytes);
}

/** Sections in order: `{id, body}`. */
function sections(bytes) {
  const reader = new Reader(bytes);
  if (reader.take(8).toString('hex') !== '0061736d01000000') throw new Error('this is no wasm module');
  const found = [];
  while (!reader.done()) found.push({ id: reader.byte(), body: reader.take(reader.number()) });
  return found;
}

/** Functions that are imported: they come before those with bodies. */
function imported(body) {
  const reader = new Reader(body);
  let functions = 0;
  for (let left = reader.number(); left > 0; left -= 1) {
    reader.text();
    reader.text();
    const kind = reader.byte();
    if (kind === 0) {
      functions += 1;
      reader.number();
    } else if (kind === 1) {
      reader.byte();
      reader.limits();
    } else if (kind === 2) {
      reader.limits();
    } else if (kind === 3) {
      reader.take(2);
    } else {
      throw new Error(`an import of an unknown kind ${kind}`);
    }
  }
  return functions;
}

/** Index and name of each function, from the custom section `name`; none where there is no such section. */
function names(all) {
  for (const { id, body } of all) {
    const reader = new Reader(body);
    if (id !== CUSTOM || reader.text() !== 'name') continue;
    while (!reader.done()) {
      const kind = reader.byte();
      const list = new Reader(reader.take(reader.number()));
      if (kind !== NAMES_OF_FUNCTIONS) continue;
      return Array.from({ length: list.number() }, () => [list.number(), list.text()]);
    }
  }
  return [];
}

/** Bodies of functions in order. */
function bodies(all) {
  const section = all.find(({ id }) => id === CODE);
  if (!section) throw new Error('the module has no code');
  const reader = new Reader(section.body);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

/** Pairs of a body that binaryen made and the one of ours for it. */
function replacements(all) {
  const [copy, fill, , , slowCopy, slowFill, ...more] = bodies(all);
  if (!slowFill || more.length > 0) throw new Error('wasm-memory.wat was lowered to other functions than six');
  return [
    [slowCopy, copy],
    [slowFill, fill],
  ];
}

const [from, memory, to] = process.argv.slice(2);
try {
  const bytes = readFileSync(from);
  const all = sections(bytes);
  const pairs = replacements(sections(readFileSync(memory)));
  const imports = all.filter(({ id }) => id === IMPORT).reduce((sum, { body }) => sum + imported(body), 0);
  const code = bodies(all);
  for (const [theirs, ours] of pairs) {
    const at = code.findIndex((body) => body.equals(theirs));
    if (at >= 0) code[at] = ours;
  }
  for (const [index, name] of names(all)) {
    if (NEVER_RUN.some((pattern) => pattern.test(name))) code[index - imports] = TRAP;
  }
  const section = Buffer.concat([leb(code.length), ...code.flatMap((body) => [leb(body.length), body])]);
  const parts = [bytes.subarray(0, 8)];
  for (const { id, body } of all.filter(({ id }) => id !== CUSTOM)) {
    const kept = id === CODE ? section : body;
    parts.push(Buffer.from([id]), leb(kept.length), kept);
  }
  writeFileSync(to, Buffer.concat(parts));
} catch (error) {
  console.error(`error: ${from}: ${error.message}`);
  process.exit(1);
}
