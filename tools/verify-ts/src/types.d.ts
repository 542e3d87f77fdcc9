// What a certificate is once it is read: the shape of format.mjs in types, told once for all that look at it.

/** A value of state with the place of its leaf in the tree. */
export interface Entry {
  value: Buffer;
  leaf: Buffer;
  path: number | null;
}

/** Names of the four contracts in a certificate. */
export type Role = "registry" | "trace_code" | "assembly_graph" | "event_log";

/** A contract with its record, its history, the proof that the history ends there, and its set-up. */
export interface Contract {
  address: string;
  info: Entry;
  history: Entry[];
  after_history: { key: Buffer; entry: Entry };
  items: Entry[];
}

export type Contracts = Record<Role, Contract> & Record<string, Contract>;

/** A code that a contract runs or ran. */
export interface Code {
  id: bigint;
  info: Entry;
}

/** A link; its quantity in millionths. */
export interface Link {
  id: bigint;
  kind: string;
  parent: string;
  parent_revision: bigint;
  child: string;
  child_revision: bigint;
  quantity: bigint | null;
  certainty: string;
  group: bigint | null;
  opened_by: string;
  closed_by: string | null;
  voided: boolean;
  witnesses: string[];
}

/** What a unit's accumulator counted of a link. */
export interface Step {
  link: bigint;
  op: string;
}

/** A unit: its three records, the steps of its links, its events. */
export interface Unit {
  number: bigint;
  core: Entry;
  state: Entry;
  accumulators: Entry;
  steps: Step[];
  events: bigint[];
}

/** An event with its record as the event log keeps it. */
export interface Event {
  number: bigint;
  record: string;
  leaf: Buffer;
  path: number | null;
}

/** A node of the tree: what stands before and behind the hash of its child, and the node above. */
export interface Node {
  prefix: Buffer;
  suffix: Buffer;
  above: number | null;
}

export interface Moment {
  seconds: bigint;
  nanos: bigint;
}

export interface Header {
  block_version: bigint;
  app_version: bigint;
  chain_id: string;
  height: bigint;
  time: Moment;
  last_block: { hash: Buffer; parts: bigint; parts_hash: Buffer } | null;
  last_commit_hash: Buffer;
  data_hash: Buffer;
  validators_hash: Buffer;
  next_validators_hash: Buffer;
  consensus_hash: Buffer;
  app_hash: Buffer;
  last_results_hash: Buffer;
  evidence_hash: Buffer;
  proposer: Buffer;
}

export interface Validator {
  ed25519: Uint8Array;
  power: bigint;
}

export interface Commit {
  round: bigint;
  parts: bigint;
  parts_hash: Buffer;
  signatures: ({ time: Moment; signature: Buffer } | null)[];
}

export interface Certificate {
  format: string;
  chain_id: string;
  height: bigint;
  start: string;
  direction: string;
  contracts: Contracts;
  codes: Code[];
  units: Unit[];
  links: Link[];
  events: Event[];
  proof: { nodes: Node[]; store_root: Buffer; store_path: { prefix: Buffer; suffix: Buffer }[] };
  header: Header;
  commit: Commit;
  validators: Validator[];
  digest: Buffer;
}
