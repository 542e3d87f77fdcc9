// Generated from the JSON schema beside it by `make schema`; do not edit.

/**
 * Writes to the event log.
 */
export type ExecuteMsg = {
  record: RecordMsg;
};
/**
 * How an event came in (clause 6.1).
 */
export type Channel =
  | "manual"
  | {
      source: SourceSignature;
    };
/**
 * A hash with the name of its algorithm.
 */
export type Digest = string;
/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;
/**
 * EPCIS action; a transformation has none.
 */
export type Action = "add" | "observe" | "delete";
/**
 * The five event types of EPCIS 2.0.
 */
export type EpcisType = "object" | "aggregation" | "association" | "transaction" | "transformation";
/**
 * The seven kinds of clause 7.1 c.
 */
export type EventKind =
  "production" | "quality_inspection" | "inbound" | "outbound" | "transport" | "terminal_market" | "sale";
/**
 * Result of the operation (clause 7.1 c).
 */
export type Outcome = "pass" | "fail" | "measured" | "done";
/**
 * Kinds of resources that an event uses (A.2, B.1).
 */
export type ResourceKind = "process_equipment" | "inspection_equipment" | "tool" | "gauge" | "vehicle";
/**
 * What an event does to the units that it names.
 */
export type Operation =
  | {
      observe: {
        /**
         * The units.
         */
        units: string[];
      };
    }
  | {
      commission: {
        /**
         * The new units.
         */
        units: NewUnit[];
      };
    }
  | {
      transform: {
        /**
         * What goes in.
         */
        inputs: Input[];
        /**
         * What comes out.
         */
        outputs: NewUnit[];
      };
    }
  | {
      assemble: {
        /**
         * For parts that already belong to something.
         */
        on_conflict: OnConflict;
        /**
         * Serial parts are installed, quantities of lots consumed.
         */
        parts: Input[];
        /**
         * The whole.
         */
        unit: NewUnit;
      };
    }
  | {
      install: {
        /**
         * For parts that already belong to something.
         */
        on_conflict: OnConflict;
        /**
         * The whole.
         */
        parent: string;
        /**
         * The parts.
         */
        parts: Input[];
      };
    }
  | {
      remove: {
        /**
         * The whole.
         */
        parent: string;
        /**
         * The parts.
         */
        parts: string[];
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      replace: {
        /**
         * The part that goes in.
         */
        installed: Input;
        /**
         * The whole.
         */
        parent: string;
        /**
         * Why, for the record.
         */
        reason: string;
        /**
         * The part that comes out.
         */
        removed: string;
      };
    }
  | {
      pack: {
        /**
         * The container, a serial unit.
         */
        container: string;
        /**
         * What goes in.
         */
        units: string[];
      };
    }
  | {
      unpack: {
        /**
         * The container.
         */
        container: string;
        /**
         * What comes out.
         */
        units: string[];
      };
    }
  | {
      ship: {
        /**
         * True where ownership passes, too.
         */
        ownership: boolean;
        /**
         * The participant that they go to.
         */
        to: string;
        /**
         * The units; what they contain goes with them.
         */
        units: string[];
      };
    }
  | {
      receive: {
        /**
         * The units.
         */
        units: string[];
      };
    }
  | {
      sell: {
        /**
         * The units.
         */
        units: string[];
      };
    }
  | {
      dispose: {
        /**
         * True for destroyed, false for retired.
         */
        destroyed: boolean;
        /**
         * The units.
         */
        units: string[];
      };
    };
/**
 * This is a wrapper around Vec<u8> to add hex de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is similar to `cosmwasm_std::Binary` but uses hex. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type HexBinary = string;
/**
 * A quantity as a decimal text with at most six decimal places.
 */
export type Amount = string;
/**
 * What to do where a serial part already belongs to something else.
 */
export type OnConflict = "refuse" | "dispute";
/**
 * Reads from the event log.
 */
export type QueryMsg =
  | {
      config: {};
    }
  | {
      event: {
        /**
         * Its id.
         */
        id: string;
      };
    }
  | {
      events_by_id: {
        /**
         * Their ids.
         */
        ids: string[];
      };
    }
  | {
      events: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last number of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      events_by: {
        /**
         * Which index.
         */
        index: EventIndex;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last number of the page before.
         */
        start_after?: number | null;
        /**
         * Its value.
         */
        value: string;
      };
    }
  | {
      source_state: {
        /**
         * The source.
         */
        source: string;
      };
    };
/**
 * Indexes over events, kept from the first write.
 */
export type EventIndex = "business_transaction" | "resource" | "project" | "actor" | "source";
export type EventResponse = StoredEvent | null;
export type EventsResponse = StoredEvent[];
export type EventsByResponse = StoredEvent[];
export type EventsByIdResponse = (StoredEvent | null)[];

export interface EventLogContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  ConfigResponse: ConfigResponse;
  EventResponse: EventResponse;
  EventsResponse: EventsResponse;
  EventsByResponse: EventsByResponse;
  EventsByIdResponse: EventsByIdResponse;
  SourceStateResponse: SourceStateResponse;
}
/**
 * Set-up of the event log.
 */
export interface InstantiateMsg {
  /**
   * The assembly graph.
   */
  assembly_graph: string;
  /**
   * The participant registry.
   */
  registry: string;
}
/**
 * An event, how it came in, and what it does.
 */
export interface RecordMsg {
  /**
   * How it came in.
   */
  channel: Channel;
  /**
   * The event.
   */
  event: NewEvent;
  /**
   * What it does.
   */
  operation: Operation;
}
/**
 * A source's signature over an event. Devices, MES and ERP sign; a person's entry is signed by its transaction.
 */
export interface SourceSignature {
  /**
   * Which of its keys.
   */
  kid: string;
  /**
   * [`source_sign_bytes`] of its last event, hashed; [`source_chain_start`] at the first.
   */
  previous: Digest;
  /**
   * Its own sequence: one more than the last.
   */
  sequence: number;
  /**
   * Signature over [`source_sign_bytes`].
   */
  signature: Binary;
  /**
   * The certified source.
   */
  source: string;
}
/**
 * An event as it is recorded.
 */
export interface NewEvent {
  /**
   * EPCIS action; `None` exactly for a transformation.
   */
  action?: Action | null;
  /**
   * CBV business step, short form, e.g. `assembling`.
   */
  business_step: string;
  /**
   * Documents that it belongs to.
   */
  business_transactions: BusinessTransaction[];
  /**
   * CBV disposition, short form, e.g. `active`.
   */
  disposition?: string | null;
  /**
   * EPCIS type.
   */
  epcis_type: EpcisType;
  /**
   * Event id: the GS1 event hash of the whole event as a named-information URI, in hex, with or without `?ver=CBV2.0`. Unique on the chain, whichever of the two spellings is used.
   */
  event_id: string;
  /**
   * When it happened: milliseconds since 1970, UTC.
   */
  event_time_ms: number;
  /**
   * Files.
   */
  evidence: Evidence[];
  /**
   * Kind (clause 7.1 c).
   */
  kind: EventKind;
  /**
   * Event name for people.
   */
  name: string;
  /**
   * Commitment to the operator.
   */
  operator: Digest;
  /**
   * Result of the operation.
   */
  outcome: Outcome;
  /**
   * Fields that are not in clear.
   */
  payload?: Payload | null;
  /**
   * Where.
   */
  position: Position;
  /**
   * Project number.
   */
  project?: string | null;
  /**
   * Equipment, tools, gauges, vehicles.
   */
  resources: Resource[];
  /**
   * Offset where it happened, e.g. `+08:00`.
   */
  time_zone: string;
}
/**
 * A business document that the event belongs to.
 */
export interface BusinessTransaction {
  /**
   * Its number.
   */
  id: string;
  /**
   * CBV 2.0 type in short form, without a colon, e.g. `po` (purchase order), `desadv`, `inv`, `prodorder`.
   */
  kind: string;
}
/**
 * A file that proves something, kept outside the chain.
 */
export interface Evidence {
  /**
   * Named-information URI of its content.
   */
  hash: string;
  /**
   * Media type, e.g. `application/pdf`.
   */
  media_type: string;
  /**
   * Size in bytes.
   */
  size: number;
}
/**
 * Commitment to the fields that are not in clear, one salted leaf each.
 */
export interface Payload {
  /**
   * How many fields.
   */
  fields: number;
  /**
   * Merkle root over the leaves.
   */
  root: Digest;
}
/**
 * Where it happened: a coarse cell in clear, the exact position committed.
 */
export interface Position {
  /**
   * Cell of the grid that [`check_cell`] describes.
   */
  cell: string;
  /**
   * Salted commitment to longitude and latitude in millionths of a degree.
   */
  exact?: Digest | null;
}
/**
 * A resource that the event used.
 */
export interface Resource {
  /**
   * Its id.
   */
  id: string;
  /**
   * Kind.
   */
  kind: ResourceKind;
}
/**
 * A unit that an operation brings into being.
 */
export interface NewUnit {
  /**
   * Other names.
   */
  alternate_ids: AlternateId[];
  /**
   * Its class.
   */
  class: string;
  /**
   * Its code with the proof of issuance.
   */
  code: PresentedCode;
  /**
   * End of validity, `YYYY-MM-DD`.
   */
  expiry_date?: string | null;
  /**
   * Production line number.
   */
  line_number?: string | null;
  /**
   * Lot or product batch number.
   */
  lot_number?: string | null;
  /**
   * The manufacturer, where it is not the actor: an id in the registry, or a declared supplier that is not registered (marked as such).
   */
  maker?: string | null;
  /**
   * Order number.
   */
  order?: string | null;
  /**
   * Quantity of a lot; `None` = not known, which is not zero. Serial units are one piece and say nothing, unless their class has a unit of measure: then this is the measure of the piece.
   */
  produced?: Amount | null;
  /**
   * Production date, `YYYY-MM-DD`.
   */
  production_date?: string | null;
  /**
   * Project number (annex B.1).
   */
  project?: string | null;
}
/**
 * Another name of a unit, unique per scheme on the chain.
 */
export interface AlternateId {
  /**
   * Scheme, e.g. `catena-x`, `supplier-lot`, `sgtin`.
   */
  scheme: string;
  /**
   * The id in that scheme.
   */
  value: string;
}
/**
 * What a scanner or a production line holds of one code: enough to prove that it was issued.
 */
export interface PresentedCode {
  /**
   * Its batch.
   */
  batch: string;
  /**
   * The code's text.
   */
  code: string;
  /**
   * Hash of the hidden secret, [`Digest::ZERO`] where the batch has none.
   */
  hidden: Digest;
  /**
   * Its place in the batch, from 0.
   */
  index: number;
  /**
   * The nonce printed beside it ([`NONCE_BYTES`] bytes).
   */
  nonce: HexBinary;
  /**
   * Siblings from the leaf to the root: `depth` digests.
   */
  path: Digest[];
}
/**
 * A part or material that goes into something.
 */
export interface Input {
  /**
   * Its code.
   */
  code: string;
  /**
   * How much of a lot; `None` = not known. Serial units go in whole and say nothing; a piece whose class has a unit of measure may say its measure, which then stands on the link.
   */
  quantity?: Amount | null;
}
/**
 * Set-up as it answers.
 */
export interface ConfigResponse {
  /**
   * The assembly graph.
   */
  assembly_graph: string;
  /**
   * Events recorded.
   */
  events: number;
  /**
   * The registry.
   */
  registry: string;
}
/**
 * An event as stored.
 */
export interface StoredEvent {
  /**
   * The participant that recorded it.
   */
  actor: string;
  /**
   * Digest of event and operation ([`content_digest`]).
   */
  content: Digest;
  /**
   * The event.
   */
  event: NewEvent;
  /**
   * Number on the chain, from 1, in order of recording.
   */
  number: number;
  /**
   * What it did to units, without the Merkle paths of presented codes ([`Operation::without_paths`]).
   */
  operation: Operation;
  /**
   * Block time of recording, milliseconds since 1970.
   */
  record_time_ms: number;
  /**
   * Height of recording.
   */
  recorded_at: number;
  /**
   * Source and its sequence, where a source reported it.
   */
  source?: SourceMark | null;
}
/**
 * Which source reported, and as its how-manieth event.
 */
export interface SourceMark {
  /**
   * Its key.
   */
  kid: string;
  /**
   * Its sequence.
   */
  sequence: number;
  /**
   * The source.
   */
  source: string;
}
/**
 * Where a source's chain stands.
 */
export interface SourceStateResponse {
  /**
   * Hash of the last event's [`source_sign_bytes`]; [`source_chain_start`] before the first.
   */
  last: Digest;
  /**
   * Events so far; the next has this plus one.
   */
  sequence: number;
}
