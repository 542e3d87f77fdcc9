// Generated from the JSON schema beside it by `make schema`; do not edit.

/**
 * Writes to the assembly graph. Business operations enter by the event log.
 */
export type ExecuteMsg =
  | {
      wire: {
        /**
         * The event log.
         */
        event_log: string;
      };
    }
  | {
      perform: Perform;
    };
/**
 * A hash with the name of its algorithm.
 */
export type Digest = string;
/**
 * The seven kinds of clause 7.1 c.
 */
export type EventKind =
  "production" | "quality_inspection" | "inbound" | "outbound" | "transport" | "terminal_market" | "sale";
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
 * Reads from the assembly graph.
 */
export type QueryMsg =
  | {
      config: {};
    }
  | {
      unit: {
        /**
         * The code.
         */
        code: string;
      };
    }
  | {
      unit_by_alternate_id: AlternateId;
    }
  | {
      units_by: {
        /**
         * Which index.
         */
        index: UnitIndex;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last birth of the page before.
         */
        start_after?: number | null;
        /**
         * Its value.
         */
        value: string;
      };
    }
  | {
      unit_events: {
        /**
         * The code.
         */
        code: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Events to skip.
         */
        skip: number;
      };
    }
  | {
      unit_links: {
        /**
         * The code.
         */
        code: string;
        /**
         * Backward: to its parts; forward: to what it is part of.
         */
        direction: Direction;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last link id of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      trace: {
        /**
         * The code to start from.
         */
        code: string;
        /**
         * `next` of the page before.
         */
        cursor?: string | null;
        /**
         * Direction.
         */
        direction: Direction;
        /**
         * Units and links together on this page.
         */
        limit?: number | null;
        /**
         * Which links; the history where nothing is said.
         */
        view?: View | null;
      };
    }
  | {
      recall_scope: {
        /**
         * `next` of the page before.
         */
        cursor?: string | null;
        /**
         * Units on this page.
         */
        limit?: number | null;
        /**
         * The suspect units.
         */
        seeds: string[];
      };
    };
/**
 * Indexes over units.
 */
export type UnitIndex = "lot_number" | "project" | "order" | "class";
/**
 * Direction of a walk. *Backward* = product to inputs (反向), *forward* = input to products (正向).
 */
export type Direction = "backward" | "forward";
/**
 * Which links count.
 */
export type View = "history" | "current";
/**
 * Life of a code. Terminal: Voided, Consumed, Retired, Destroyed, Superseded.
 */
export type Life =
  | "committed"
  | "voided"
  | "active"
  | "in_use"
  | "consumed"
  | "retired"
  | "destroyed"
  | "exported"
  | "sold"
  | "superseded";
/**
 * How a unit is touched by a recall.
 */
export type RecallScopeKind = "must" | "may";
/**
 * How sure a link is.
 */
export type Certainty = "certain" | "potential" | "disputed";
/**
 * Kind of a link, from the whole (parent) to the part (child).
 */
export type LinkKind = "consume" | "install" | "pack";
/**
 * Granularity of a class.
 */
export type Tracking = "serial" | "lot";
export type UnitResponse = UnitView | null;
export type UnitByAlternateIdResponse = UnitView | null;
export type UnitLinksResponse = LinkView[];
export type UnitsByResponse = UnitView[];

export interface AssemblyGraphContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  ConfigResponse: ConfigResponse;
  RecallScopeResponse: RecallScopeResponse;
  TraceResponse: TraceResponse;
  UnitResponse: UnitResponse;
  UnitByAlternateIdResponse: UnitByAlternateIdResponse;
  UnitEventsResponse: UnitEventsResponse;
  UnitLinksResponse: UnitLinksResponse;
  UnitsByResponse: UnitsByResponse;
}
/**
 * Set-up of the assembly graph.
 */
export interface InstantiateMsg {
  /**
   * The participant registry.
   */
  registry: string;
  /**
   * The contract that owns codes and classes.
   */
  trace_code: string;
}
/**
 * An event as the graph needs it.
 */
export interface Perform {
  /**
   * The participant that records, already identified by the event log.
   */
  actor: string;
  /**
   * Digest of its content on chain.
   */
  content: Digest;
  /**
   * Its id.
   */
  event_id: string;
  /**
   * Kind of the event.
   */
  kind: EventKind;
  /**
   * True where the actor may record inspections on anybody's units.
   */
  may_inspect_any: boolean;
  /**
   * What it does.
   */
  operation: Operation;
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
   * The event log, once wired.
   */
  event_log?: string | null;
  /**
   * Links on the chain.
   */
  links: number;
  /**
   * The registry.
   */
  registry: string;
  /**
   * The contract that owns codes and classes.
   */
  trace_code: string;
  /**
   * Units on the chain.
   */
  units: number;
}
/**
 * A page of a recall's scope, the seeds themselves first.
 */
export interface RecallScopeResponse {
  /**
   * The units.
   */
  entries: RecallEntry[];
  /**
   * Cursor of the next page; `None` when the answer is complete.
   */
  next?: string | null;
}
/**
 * A unit touched by a recall.
 */
export interface RecallEntry {
  /**
   * Class.
   */
  class: string;
  /**
   * The code.
   */
  code: string;
  /**
   * Custodian.
   */
  custodian: string;
  /**
   * True where it has left the participants' hands (sold, exported, used up or destroyed).
   */
  gone: boolean;
  /**
   * Life of its code.
   */
  life: Life;
  /**
   * Lot or product batch number.
   */
  lot_number?: string | null;
  /**
   * Order number.
   */
  order?: string | null;
  /**
   * Owner.
   */
  owner: string;
  /**
   * Project number.
   */
  project?: string | null;
  /**
   * Must or may.
   */
  scope: RecallScopeKind;
}
/**
 * A page of a walk.
 */
export interface TraceResponse {
  /**
   * Links that appear for the first and only time.
   */
  links: LinkView[];
  /**
   * Cursor of the next page; `None` when the answer is complete.
   */
  next?: string | null;
  /**
   * Units that appear for the first and only time.
   */
  units: UnitView[];
}
/**
 * A link as it answers.
 */
export interface LinkView {
  /**
   * How sure.
   */
  certainty: Certainty;
  /**
   * Code of the part.
   */
  child: string;
  /**
   * Revision of the part.
   */
  child_revision: number;
  /**
   * Event that ended it.
   */
  closed_by?: string | null;
  /**
   * Number on the chain, ascending in order of recording.
   */
  id: number;
  /**
   * Kind.
   */
  kind: LinkKind;
  /**
   * Event that asserts it.
   */
  opened_by: string;
  /**
   * Code of the whole.
   */
  parent: string;
  /**
   * Revision of the whole.
   */
  parent_revision: number;
  /**
   * How much; `None` = not known, or not attributable to this output alone.
   */
  quantity?: Amount | null;
}
/**
 * A unit as it answers.
 */
export interface UnitView {
  /**
   * Other names.
   */
  alternate_ids: AlternateId[];
  /**
   * Quantity left; `None` = not known.
   */
  balance?: Amount | null;
  /**
   * Birth of its first revision: its number on the chain.
   */
  birth: number;
  /**
   * Height of its birth.
   */
  born_at: number;
  /**
   * Event of its birth.
   */
  born_by: string;
  /**
   * Class.
   */
  class: string;
  /**
   * Trace code: the unit's id.
   */
  code: string;
  /**
   * Custodian's participant id.
   */
  custodian: string;
  /**
   * Accumulator over its events; `count` is the number of all of them.
   */
  event_range: MountainRange;
  /**
   * Its first events, at most [`MAX_VIEW_EVENTS`], in order of recording.
   */
  events: string[];
  /**
   * End of validity.
   */
  expiry_date?: string | null;
  /**
   * Accumulator over its incoming links.
   */
  incoming: Chain;
  /**
   * Production line number.
   */
  line_number?: string | null;
  /**
   * Lot or product batch number.
   */
  lot_number?: string | null;
  /**
   * Manufacturer.
   */
  maker: Maker;
  /**
   * Order number.
   */
  order?: string | null;
  /**
   * Accumulator over its outgoing links.
   */
  outgoing: MountainRange;
  /**
   * Owner's participant id.
   */
  owner: string;
  /**
   * Quantity made; `None` = not known.
   */
  produced?: Amount | null;
  /**
   * Production date.
   */
  production_date?: string | null;
  /**
   * Project number.
   */
  project?: string | null;
  /**
   * Number of its current revision, from 0.
   */
  revision: number;
  /**
   * Piece or lot.
   */
  tracking: Tracking;
  /**
   * Unit of measure; `None` = pieces.
   */
  uom?: string | null;
}
/**
 * A counted Merkle mountain range: the roots of the perfect trees whose sizes are the bits of `count`, largest first.
 */
export interface MountainRange {
  /**
   * Leaves appended so far.
   */
  count: number;
  /**
   * One peak for each set bit of `count`, from the largest tree to the smallest.
   */
  peaks: Digest[];
}
/**
 * A counted hash chain.
 */
export interface Chain {
  /**
   * Leaves appended so far.
   */
  count: number;
  /**
   * [`Digest::ZERO`] while empty.
   */
  head: Digest;
}
/**
 * A maker: immutable from the unit's birth.
 */
export interface Maker {
  /**
   * Participant id, or the declared name.
   */
  id: string;
  /**
   * False for a declared supplier that was not in the registry at the unit's birth.
   */
  registered: boolean;
}
/**
 * A page of a unit's events.
 */
export interface UnitEventsResponse {
  /**
   * All of them.
   */
  count: number;
  /**
   * Event ids of this page.
   */
  events: string[];
}
