// Writes SCHEMA_DIR/types/<contract>.d.ts: one module a contract, with every message and answer.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { compile } from "json-schema-to-typescript";

const schemaDir = process.argv[2] ?? "schema";
const types = join(schemaDir, "types");
await mkdir(types, { recursive: true });

const readJson = async (file) => JSON.parse(await readFile(file, "utf8"));
const pascal = (name) =>
  name.split(/[_-]/).map((word) => word[0].toUpperCase() + word.slice(1)).join("");

for (const contract of (await readdir(schemaDir, { withFileTypes: true })).filter((e) => e.isDirectory() && e.name !== "types")) {
  const folder = join(schemaDir, contract.name);
  const roots = {};
  const definitions = {};
  const add = (name, schema) => {
    const { definitions: own = {}, $schema: _, title: __, ...root } = schema;
    Object.assign(definitions, own);
    roots[name] = root;
  };
  for (const message of ["instantiate_msg", "execute_msg", "query_msg"]) {
    add(pascal(message), await readJson(join(folder, `${message}.json`)));
  }
  for (const file of (await readdir(join(folder, "answers"))).sort()) {
    add(`${pascal(basename(file, ".json"))}Response`, await readJson(join(folder, "answers", file)));
  }
  const all = {
    definitions: { ...definitions, ...roots },
    type: "object",
    additionalProperties: false,
    required: Object.keys(roots),
    properties: Object.fromEntries(Object.keys(roots).map((name) => [name, { $ref: `#/definitions/${name}` }])),
  };
  const text = await compile(all, `${pascal(contract.name)}Contract`, {
    additionalProperties: false,
    bannerComment: "// Generated from the JSON schema beside it by `make schema`; do not edit.",
    unreachableDefinitions: false,
  });
  await writeFile(join(types, `${contract.name}.d.ts`), text);
}
