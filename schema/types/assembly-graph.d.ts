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
    }
  | {
      open_campaign: NewCampaign;
    }
  | {
      extend_campaign: {
        /**
         * The campaign.
         */
        id: string;
        /**
         * Units, each a further seed or linked to a unit that is in it, 1 to [`campaign::MAX_CAMPAIGN_CODES`].
         */
        units: Extension[];
      };
    }
  | {
      cancel_campaign: {
        /**
         * The campaign.
         */
        id: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      reopen_campaign: {
        /**
         * The campaign.
         */
        id: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      close_campaign: {
        /**
         * The campaign.
         */
        id: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      settle_campaign: {
        /**
         * The campaign.
         */
        id: string;
      };
    }
  | {
      answer_campaign: {
        /**
         * The answer.
         */
        answer: HolderAnswer;
        /**
         * The campaign.
         */
        id: string;
        /**
         * In words; must be there where the answer is Declined.
         */
        note?: string | null;
      };
    }
  | {
      define_bom: NewBom;
    }
  | {
      define_project: NewProject;
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
    }
  | {
      export: {
        /**
         * The units.
         */
        units: string[];
      };
    }
  | {
      undo: {
        /**
         * The units.
         */
        units: string[];
      };
    }
  | {
      split: {
        /**
         * The new lots, each with its quantity.
         */
        outputs: NewUnit[];
        /**
         * The lot.
         */
        source: string;
      };
    }
  | {
      merge: {
        /**
         * The new lot; its quantity is the sum, or unknown where one of theirs is.
         */
        output: NewUnit;
        /**
         * The lots; all that is left of them goes in.
         */
        sources: string[];
      };
    }
  | {
      relabel: {
        /**
         * The new one; class, quantity and maker must be the old one's.
         */
        new: NewUnit;
        /**
         * Why, for the record.
         */
        reason: string;
        /**
         * The old code.
         */
        unit: string;
      };
    }
  | {
      scrap: {
        /**
         * How much of a lot; `None` = all of it. A piece says nothing.
         */
        quantity?: Amount | null;
        /**
         * Why, for the record.
         */
        reason: string;
        /**
         * The unit.
         */
        unit: string;
      };
    }
  | {
      sample: {
        /**
         * How much of a lot. A piece says nothing.
         */
        quantity?: Amount | null;
        /**
         * The unit.
         */
        unit: string;
      };
    }
  | {
      adjust: {
        /**
         * What was counted.
         */
        counted: Amount;
        /**
         * Why, for the record.
         */
        reason: string;
        /**
         * The lot.
         */
        unit: string;
      };
    }
  | {
      confirm_adjust: {
        /**
         * What was counted, once more: must be what was proposed.
         */
        counted: Amount;
        /**
         * The lot.
         */
        unit: string;
      };
    }
  | {
      rework: {
        /**
         * Why, for the record.
         */
        reason: string;
        /**
         * The units.
         */
        units: string[];
      };
    }
  | {
      feed: {
        /**
         * What goes in.
         */
        inputs: Input[];
        /**
         * The process: its first feed opens it, and it belongs to who opened it.
         */
        process: string;
      };
    }
  | {
      yield: {
        /**
         * True where the process ends with this.
         */
        last: boolean;
        /**
         * What comes out.
         */
        outputs: NewUnit[];
        /**
         * The process.
         */
        process: string;
      };
    }
  | {
      resolve: {
        /**
         * True: it holds, and the part must be free now; false: it never did.
         */
        confirmed: boolean;
        /**
         * The link.
         */
        link: number;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      void: {
        /**
         * The wrong event.
         */
        event: string;
        /**
         * What it did.
         */
        original: Operation;
      };
    };
/**
 * This is a wrapper around Vec<u8> to add hex de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is similar to `cosmwasm_std::Binary` but uses hex. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type HexBinary = string;
/**
 * How a lot is kept apart from others of its class (L5; UNTP chain of custody). Said at its birth, and never changed.
 */
export type CustodyModel = "preserved" | "segregated" | "mass_balance";
/**
 * A quantity as a decimal text with at most six decimal places.
 */
export type Amount = string;
/**
 * What to do where a serial part already belongs to something else.
 */
export type OnConflict = "refuse" | "dispute";
/**
 * Result of the operation (clause 7.1 c).
 */
export type Outcome = "pass" | "fail" | "measured" | "done";
/**
 * What a campaign does to its units.
 */
export type CampaignKind = "hold" | "recall";
/**
 * How bad it is.
 */
export type Severity = "minor" | "major" | "critical" | "life_threatening";
/**
 * What a holder answers.
 */
export type HolderAnswer = "acknowledged" | "accepted" | "declined" | "contained";
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
         * At which moment; now where nothing is said.
         */
        as_of?: AsOf | null;
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
         * Which of the links; all where nothing is said.
         */
        filter?: TraceFilter | null;
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
      origins: {
        /**
         * At which moment; now where nothing is said.
         */
        as_of?: AsOf | null;
        /**
         * The code.
         */
        code: string;
        /**
         * `next` of the page before.
         */
        cursor?: string | null;
        /**
         * Units on this page.
         */
        limit?: number | null;
      };
    }
  | {
      final_products: {
        /**
         * The code.
         */
        code: string;
        /**
         * `next` of the page before.
         */
        cursor?: string | null;
        /**
         * Units on this page.
         */
        limit?: number | null;
      };
    }
  | {
      where_used: {
        /**
         * The code.
         */
        code: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      current_bom: {
        /**
         * At which moment; now where nothing is said.
         */
        as_of?: AsOf | null;
        /**
         * The code.
         */
        code: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      path: {
        /**
         * Code of the part.
         */
        part: string;
        /**
         * Code of the whole.
         */
        whole: string;
      };
    }
  | {
      lot_ledger: {
        /**
         * The lot's code.
         */
        code: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Number of the last movement of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      node_record: {
        /**
         * The code.
         */
        code: string;
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
    }
  | {
      recall_summary: {
        /**
         * `next` of the page before.
         */
        cursor?: string | null;
        /**
         * Units counted on this page.
         */
        limit?: number | null;
        /**
         * The suspect units.
         */
        seeds: string[];
      };
    }
  | {
      campaign: {
        /**
         * Its id.
         */
        id: string;
      };
    }
  | {
      campaigns: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last id of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      campaign_members: {
        /**
         * The campaign.
         */
        id: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      campaign_holders: {
        /**
         * The campaign.
         */
        id: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last participant of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      campaigns_of: {
        /**
         * The unit's code.
         */
        code: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last id of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      bom: {
        /**
         * The class.
         */
        class: string;
        /**
         * Its revision; the latest where nothing is said.
         */
        revision?: number | null;
      };
    }
  | {
      planned_diff: {
        /**
         * The unit's code.
         */
        code: string;
        /**
         * Revision of the plan; where nothing is said, the one in force at the unit's birth, or else the first.
         */
        revision?: number | null;
      };
    }
  | {
      project: {
        /**
         * Its number.
         */
        number: string;
        /**
         * Its revision; the latest where nothing is said.
         */
        revision?: number | null;
      };
    }
  | {
      projects: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last number of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      project_units: {
        /**
         * One level only.
         */
        level?: ProductLevel | null;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * The project's number.
         */
        number: string;
        /**
         * `next` of the page before.
         */
        start_after?: number | null;
      };
    };
/**
 * Indexes over units. They hold what never changes of a unit, from its birth on.
 */
export type UnitIndex = "lot_number" | "project" | "order" | "class" | "maker" | "supplier" | "inspection_lot";
/**
 * Direction of a walk. *Backward* = product to inputs (反向), *forward* = input to products (正向).
 */
export type Direction = "backward" | "forward";
/**
 * The moment that an answer is about.
 */
export type AsOf =
  | {
      height: number;
    }
  | {
      moment: Moment;
    };
/**
 * How sure a link is.
 */
export type Certainty = "certain" | "potential" | "disputed";
/**
 * Kind of a link, from the whole (parent) to the part (child).
 */
export type LinkKind = "consume" | "install" | "pack" | "split" | "merge" | "relabel";
/**
 * Which links count.
 */
export type View = "history" | "current" | "as_built";
/**
 * Levels of annex B.1 below the project, with machines and packaging beside them.
 */
export type ProductLevel = "product" | "sub_assembly" | "part" | "raw_material" | "equipment" | "packaging";
export type BomResponse = BomView | null;
export type CampaignResponse = CampaignView | null;
/**
 * Where a campaign stands.
 */
export type CampaignStatus = "open" | "cancelled" | "closed";
/**
 * Where a holder stands.
 */
export type HolderStatus = "notified" | "acknowledged" | "accepted" | "declined" | "contained";
export type CampaignHoldersResponse = HolderView[];
/**
 * Life of a code. Ends: Voided, Consumed, Retired, Destroyed, Superseded.
 */
export type Life =
  | "committed"
  | "voided"
  | "applied"
  | "active"
  | "in_use"
  | "consumed"
  | "retired"
  | "destroyed"
  | "exported"
  | "sold"
  | "sampled"
  | "superseded";
/**
 * How a unit is touched by a recall.
 */
export type RecallScopeKind = "must" | "may";
export type CampaignsResponse = CampaignView[];
export type CampaignsOfResponse = CampaignView[];
/**
 * Whether a unit has the quality record that Annex C asks for.
 */
export type Quality = "not_needed" | "pending" | "passed" | "failed" | "witnessed";
/**
 * Granularity of a class.
 */
export type Tracking = "serial" | "lot";
/**
 * What moved a lot's balance.
 */
export type MovementKind =
  | "made"
  | "consumed"
  | "fed"
  | "split"
  | "merged"
  | "relabelled"
  | "scrapped"
  | "sampled"
  | "returned"
  | "adjusted"
  | "restored"
  | "voided";
export type NodeRecordResponse = NodeRecordAnswer | null;
/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;
/**
 * A way from a whole to a part.
 */
export type PathResponse =
  | {
      found: {
        /**
         * One link after the other; fewer than [`super::MAX_PATH_VISITS`].
         */
        links: PathStep[];
      };
    }
  | {
      nothing: {};
    }
  | {
      undecided: {
        /**
         * Revisions visited.
         */
        visited: number;
      };
    };
/**
 * How what was built compares with what was planned.
 */
export type DiffVerdict = "equal" | "short" | "excess" | "unknown";
export type ProjectResponse = ProjectView | null;
export type ProjectsResponse = ProjectView[];
/**
 * Marks beside the life, set and lifted independently.
 */
export type Overlay =
  "held" | "recalled" | "non_conformant" | "stolen" | "suspect_clone" | "damaged" | "needs_replacement";
export type UnitResponse = UnitView | null;
export type UnitByAlternateIdResponse = UnitView | null;
export type UnitLinksResponse = LinkView[];
export type UnitsByResponse = UnitView[];

export interface AssemblyGraphContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  BomResponse: BomResponse;
  CampaignResponse: CampaignResponse;
  CampaignHoldersResponse: CampaignHoldersResponse;
  CampaignMembersResponse: CampaignMembersResponse;
  CampaignsResponse: CampaignsResponse;
  CampaignsOfResponse: CampaignsOfResponse;
  ConfigResponse: ConfigResponse;
  CurrentBomResponse: CurrentBomResponse;
  FinalProductsResponse: FinalProductsResponse;
  LotLedgerResponse: LotLedgerResponse;
  NodeRecordResponse: NodeRecordResponse;
  OriginsResponse: OriginsResponse;
  PathResponse: PathResponse;
  PlannedDiffResponse: PlannedDiffResponse;
  ProjectResponse: ProjectResponse;
  ProjectUnitsResponse: ProjectUnitsResponse;
  ProjectsResponse: ProjectsResponse;
  RecallScopeResponse: RecallScopeResponse;
  RecallSummaryResponse: RecallSummaryResponse;
  TraceResponse: TraceResponse;
  UnitResponse: UnitResponse;
  UnitByAlternateIdResponse: UnitByAlternateIdResponse;
  UnitEventsResponse: UnitEventsResponse;
  UnitLinksResponse: UnitLinksResponse;
  UnitsByResponse: UnitsByResponse;
  WhereUsedResponse: WhereUsedResponse;
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
   * Coarse cell of the event.
   */
  cell: string;
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
   * True where the actor may settle disputes and set marks on anybody's units.
   */
  may_regulate: boolean;
  /**
   * True where the actor may take over documents of others without their quality records.
   */
  may_witness: boolean;
  /**
   * What it does.
   */
  operation: Operation;
  /**
   * Result of the event.
   */
  outcome: Outcome;
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
   * How a lot is kept apart from others; `None` = mass balance, or as what it comes from.
   */
  custody?: CustodyModel | null;
  /**
   * End of validity, `YYYY-MM-DD`.
   */
  expiry_date?: string | null;
  /**
   * Inspection lot of incoming goods. Purchased parts must name theirs (Annex C, 检验批).
   */
  inspection_lot?: string | null;
  /**
   * Production line number.
   */
  line_number?: string | null;
  /**
   * Lot or product batch number.
   */
  lot_number?: string | null;
  /**
   * The manufacturer, where it is not the actor: an id in the registry, or a declared supplier that is not registered (marked as such). Purchased parts must name theirs (Annex C).
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
  /**
   * Who delivered it, where that is not the maker.
   */
  supplier?: string | null;
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
   * Hash of the hidden secret or of the chip's public key, [`Digest::ZERO`] where the batch has none.
   */
  hidden: Digest;
  /**
   * Its place in the batch, from 0.
   */
  index: number;
  /**
   * The nonce printed beside it ([`super::NONCE_BYTES`] bytes).
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
   * Inputs with the same group are alternatives: one of them went in, nobody knows which. Their links are [`Certainty::Potential`], carry no quantity and change no balance.
   */
  group?: number | null;
  /**
   * How much of a lot; `None` = not known. Serial units go in whole and say nothing; a piece whose class has a unit of measure may say its measure, which then stands on the link.
   */
  quantity?: Amount | null;
}
/**
 * A campaign to open.
 */
export interface NewCampaign {
  /**
   * Id, unique on the chain; also the problem that its marks name.
   */
  id: string;
  /**
   * Hold or recall.
   */
  kind: CampaignKind;
  /**
   * The problem behind it: a number of the sender's. Several campaigns may have one problem.
   */
  problem: string;
  /**
   * Why, for the record.
   */
  reason: string;
  /**
   * The suspect units, 1 to [`MAX_CAMPAIGN_CODES`].
   */
  seeds: string[];
  /**
   * How bad it is.
   */
  severity: Severity;
  /**
   * Date by which holders should have acted, `YYYY-MM-DD`.
   */
  target_date?: string | null;
}
/**
 * A unit that joins a campaign.
 */
export interface Extension {
  /**
   * Its code.
   */
  code: string;
  /**
   * The open link by which it holds a unit that is in the campaign already; `None` = a further seed.
   */
  link?: number | null;
}
/**
 * A bill of materials to define.
 */
export interface NewBom {
  /**
   * Class of the whole; the sender must own it.
   */
  class: string;
  /**
   * Its lines, 1 to [`MAX_BOM_LINES`].
   */
  lines: BomLine[];
  /**
   * How much of the inputs a transformation into this class may lose, in millionths; `None` = not checked.
   */
  loss_ppm?: number | null;
  /**
   * One more than the revision before, from 1.
   */
  revision: number;
}
/**
 * A line: so much of one class, or of one of its alternatives, for one unit (or one unit of measure) of the whole.
 */
export interface BomLine {
  /**
   * Classes that may stand in for it, of the same unit of measure.
   */
  alternatives: string[];
  /**
   * Class of the part.
   */
  class: string;
  /**
   * How much.
   */
  quantity: Amount;
  /**
   * Unit of measure; must be the class's. `None` = pieces.
   */
  uom?: string | null;
}
/**
 * A project to define, or the next revision of one.
 */
export interface NewProject {
  /**
   * Salted commitment to contract and demand.
   */
  contract?: Digest | null;
  /**
   * Salted commitment to the customer.
   */
  customer: Digest;
  /**
   * Project number, as units carry it.
   */
  number: string;
  /**
   * Order numbers that belong to it, as units carry them.
   */
  orders: string[];
  /**
   * One more than the revision before, from 1.
   */
  revision: number;
}
/**
 * A moment of the graph: the first birth and the first link that do not count.
 */
export interface Moment {
  /**
   * First birth that does not count.
   */
  birth: number;
  /**
   * First link that does not count.
   */
  link: number;
}
/**
 * Links that a walk follows and shows. An empty list stands for all.
 */
export interface TraceFilter {
  /**
   * How sure.
   */
  certainties: Certainty[];
  /**
   * Kinds.
   */
  kinds: LinkKind[];
}
/**
 * A bill of materials as it answers.
 */
export interface BomView {
  /**
   * Class of the whole.
   */
  class: string;
  /**
   * Height.
   */
  defined_at: number;
  /**
   * The participant that defined it.
   */
  defined_by: string;
  /**
   * Its lines.
   */
  lines: BomLine[];
  /**
   * How much may be lost, in millionths; `None` = not checked.
   */
  loss_ppm?: number | null;
  /**
   * Revision.
   */
  revision: number;
}
/**
 * A campaign as it answers.
 */
export interface CampaignView {
  /**
   * True where it was opened with the permission to regulate: only such a participant changes it.
   */
  by_regulator: boolean;
  /**
   * How it came there, opening included.
   */
  changes: CampaignChange[];
  /**
   * Those that had left the participants' hands when they joined.
   */
  gone: number;
  /**
   * Participants that were told.
   */
  holders: number;
  /**
   * Id.
   */
  id: string;
  /**
   * Hold or recall.
   */
  kind: CampaignKind;
  /**
   * Those that may have to be.
   */
  may: number;
  /**
   * Units in it.
   */
  members: number;
  /**
   * Those that must be held or recalled.
   */
  must: number;
  /**
   * The participant that opened it.
   */
  opened_by: string;
  /**
   * The problem behind it.
   */
  problem: string;
  /**
   * Why.
   */
  reason: string;
  /**
   * Those, in order of joining, whose marks agree with the status; the others follow by settling.
   */
  settled: number;
  /**
   * How bad it is.
   */
  severity: Severity;
  /**
   * Where it stands.
   */
  status: CampaignStatus;
  /**
   * Date by which holders should have acted.
   */
  target_date?: string | null;
  /**
   * Those that have not answered yet.
   */
  unanswered: number;
}
/**
 * A change of a campaign's status.
 */
export interface CampaignChange {
  /**
   * The participant.
   */
  by: string;
  /**
   * Height.
   */
  height: number;
  /**
   * Why.
   */
  reason: string;
  /**
   * The status from then on.
   */
  status: CampaignStatus;
}
/**
 * A participant that was told.
 */
export interface HolderView {
  /**
   * Height of the last change.
   */
  changed_at: number;
  /**
   * What it said with its last answer.
   */
  note?: string | null;
  /**
   * The participant.
   */
  participant: string;
  /**
   * Where it stands.
   */
  status: HolderStatus;
  /**
   * Units of the campaign that it owned or held when they joined.
   */
  units: number;
}
/**
 * A page of members.
 */
export interface CampaignMembersResponse {
  /**
   * In the order in which they joined.
   */
  members: MemberView[];
  /**
   * Number of the last one, for the next page; `None` when the list is complete.
   */
  next?: number | null;
}
/**
 * A unit in a campaign.
 */
export interface MemberView {
  /**
   * Its class.
   */
  class: string;
  /**
   * Its code.
   */
  code: string;
  /**
   * Custodian now.
   */
  custodian: string;
  /**
   * True where it has left the participants' hands by now.
   */
  gone: boolean;
  /**
   * Height at which it joined.
   */
  joined_at: number;
  /**
   * Life of its code now.
   */
  life: Life;
  /**
   * The link by which it joined; `None` for a seed.
   */
  link?: number | null;
  /**
   * True where its code carries the campaign's mark.
   */
  marked: boolean;
  /**
   * Its number in the campaign, from 0.
   */
  number: number;
  /**
   * Owner now.
   */
  owner: string;
  /**
   * Must or may.
   */
  scope: RecallScopeKind;
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
   * Migrations of this contract.
   */
  migrations: Migration[];
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
 * One migration of a contract.
 */
export interface Migration {
  /**
   * Version of the state before.
   */
  from_version: string;
  /**
   * Height of the block.
   */
  height: number;
  /**
   * Version of the code that took over; the same one where the code changed without a new version.
   */
  to_version: string;
}
/**
 * A page of one level.
 */
export interface CurrentBomResponse {
  /**
   * Links in order of recording.
   */
  entries: Used[];
  /**
   * Last link looked at, for the next page; `None` when the list is complete.
   */
  next?: number | null;
}
/**
 * A link with the unit at its far end.
 */
export interface Used {
  /**
   * The link.
   */
  link: LinkView;
  /**
   * The whole (where used), or the part (bill of materials).
   */
  unit: UnitBrief;
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
   * Which of the alternatives of its event it belongs to, where it is potential.
   */
  group?: number | null;
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
  /**
   * True where the event that ended it declared that it never was.
   */
  voided: boolean;
  /**
   * Further events that assert the same, in order of recording; at most [`MAX_WITNESSES`].
   */
  witnesses?: string[];
}
/**
 * A unit in short.
 */
export interface UnitBrief {
  /**
   * Its number on the chain.
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
   * The code.
   */
  code: string;
  /**
   * Inspection lot of incoming goods.
   */
  inspection_lot?: string | null;
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
   * Project number.
   */
  project?: string | null;
  /**
   * Whether it has its quality record.
   */
  quality: Quality;
  /**
   * Who delivered it.
   */
  supplier?: string | null;
  /**
   * Piece or lot.
   */
  tracking: Tracking;
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
 * A page of final products.
 */
export interface FinalProductsResponse {
  /**
   * Cursor of the next page; `None` when the answer is complete.
   */
  next?: string | null;
  /**
   * The units.
   */
  products: FinalProduct[];
}
/**
 * A final product.
 */
export interface FinalProduct {
  /**
   * Custodian.
   */
  custodian: string;
  /**
   * Owner.
   */
  owner: string;
  /**
   * The outermost container that it is in.
   */
  packed_in?: string | null;
  /**
   * The unit.
   */
  unit: UnitBrief;
}
/**
 * A page of a lot's ledger.
 */
export interface LotLedgerResponse {
  /**
   * All movements of the lot.
   */
  count: number;
  /**
   * Movements of this page.
   */
  movements: LotMovement[];
  /**
   * Unit of measure; `None` = pieces.
   */
  uom?: string | null;
}
/**
 * A movement of a lot's balance.
 */
export interface LotMovement {
  /**
   * What is left after it; `None` = not known.
   */
  balance?: Amount | null;
  /**
   * The event.
   */
  event: string;
  /**
   * What happened.
   */
  kind: MovementKind;
  /**
   * Its number in the lot's ledger, from 0.
   */
  number: number;
  /**
   * How much; `None` = not known.
   */
  quantity?: Amount | null;
}
/**
 * The records of a unit as they are stored: number, core, state, accumulators.
 */
export interface NodeRecordAnswer {
  /**
   * Height of the block in which the answer is given.
   */
  height: number;
  /**
   * Key and record, in the order of [`super::keys`].
   */
  records: RawRecord[];
  /**
   * The unit's number.
   */
  unit: number;
}
/**
 * A key of the contract's store and what stands there.
 */
export interface RawRecord {
  /**
   * The key, without the contract's prefix.
   */
  key: Binary;
  /**
   * The value, as it is proved.
   */
  value: Binary;
}
/**
 * A page of starting points.
 */
export interface OriginsResponse {
  /**
   * Cursor of the next page; `None` when the answer is complete.
   */
  next?: string | null;
  /**
   * The units; the maker of each is where the trace begins.
   */
  origins: UnitBrief[];
}
/**
 * A link on the way from a whole to a part.
 */
export interface PathStep {
  /**
   * How sure it is.
   */
  certainty: Certainty;
  /**
   * Code of the part.
   */
  child: string;
  /**
   * True where it has ended.
   */
  ended: boolean;
  /**
   * Its kind.
   */
  kind: LinkKind;
  /**
   * The link.
   */
  link: number;
  /**
   * Code of the whole.
   */
  parent: string;
}
/**
 * A unit's plan against what it was built of, one level, certain links only.
 */
export interface PlannedDiffResponse {
  /**
   * Its class.
   */
  class: string;
  /**
   * The unit.
   */
  code: string;
  /**
   * Lines of the plan.
   */
  lines: DiffLine[];
  /**
   * Revision of the plan.
   */
  revision: number;
  /**
   * Links that are potential or disputed and so count nowhere.
   */
  uncertain: number;
  /**
   * Classes outside of the plan, ascending.
   */
  unplanned: Unplanned[];
}
/**
 * A line of the plan against what was built.
 */
export interface DiffLine {
  /**
   * Built in; `None` where a quantity is not known.
   */
  built?: Amount | null;
  /**
   * Class of the part.
   */
  class: string;
  /**
   * Parts and lots that went in.
   */
  parts: number;
  /**
   * Planned for the whole unit; `None` where the unit's own quantity is not known.
   */
  planned?: Amount | null;
  /**
   * Alternatives that stood in.
   */
  stood_in: string[];
  /**
   * Unit of measure; `None` = pieces.
   */
  uom?: string | null;
  /**
   * The verdict.
   */
  verdict: DiffVerdict;
}
/**
 * What went in without being planned.
 */
export interface Unplanned {
  /**
   * Built in; `None` where a quantity is not known.
   */
  built?: Amount | null;
  /**
   * Class of the part.
   */
  class: string;
  /**
   * Parts and lots that went in.
   */
  parts: number;
}
/**
 * A project as it answers.
 */
export interface ProjectView {
  /**
   * Commitment to contract and demand.
   */
  contract?: Digest | null;
  /**
   * Commitment to the customer.
   */
  customer: Digest;
  /**
   * Height of this revision.
   */
  defined_at: number;
  /**
   * Project number.
   */
  number: string;
  /**
   * Order numbers.
   */
  orders: string[];
  /**
   * The participant that keeps it.
   */
  owner: string;
  /**
   * Revision.
   */
  revision: number;
}
/**
 * A page of a project's units.
 */
export interface ProjectUnitsResponse {
  /**
   * Birth of the last unit looked at, for the next page; `None` when the list is complete.
   */
  next?: number | null;
  /**
   * In order of birth.
   */
  units: ProjectUnit[];
}
/**
 * A unit of a project.
 */
export interface ProjectUnit {
  /**
   * Its level.
   */
  level: ProductLevel;
  /**
   * The unit.
   */
  unit: UnitBrief;
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
   * True where it has left the participants' hands (sold, exported, sampled, used up or destroyed).
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
   * Marks on its code.
   */
  overlays: Overlay[];
  /**
   * Owner.
   */
  owner: string;
  /**
   * Project number.
   */
  project?: string | null;
  /**
   * Whether it has its quality record.
   */
  quality: Quality;
  /**
   * Must or may.
   */
  scope: RecallScopeKind;
}
/**
 * A page of a recall's summary: the groups of the units of this page, each list in order of value.
 */
export interface RecallSummaryResponse {
  /**
   * Custodians.
   */
  custodians: RecallGroup[];
  /**
   * Affected lots and product batches.
   */
  lots: RecallGroup[];
  /**
   * Affected models.
   */
  models: RecallGroup[];
  /**
   * Cursor of the next page; `None` when all units were counted.
   */
  next?: string | null;
  /**
   * Affected orders.
   */
  orders: RecallGroup[];
  /**
   * Owners.
   */
  owners: RecallGroup[];
  /**
   * Affected projects.
   */
  projects: RecallGroup[];
  /**
   * Units counted.
   */
  units: number;
}
/**
 * Units of a recall that share a value.
 */
export interface RecallGroup {
  /**
   * Those of both that have left the participants' hands.
   */
  gone: number;
  /**
   * Units that may have to be.
   */
  may: number;
  /**
   * Specification or model of a class; nothing for other values.
   */
  model?: string | null;
  /**
   * Units that must be recalled.
   */
  must: number;
  /**
   * The value: an order, batch, class, project or participant.
   */
  value: string;
}
/**
 * A page of a walk.
 */
export interface TraceResponse {
  /**
   * Height of the block in which the answer is given.
   */
  height: number;
  /**
   * Links that appear for the first and only time.
   */
  links: LinkView[];
  /**
   * Migrations of this contract: no answer hides that the code behind it was changed.
   */
  migrations: Migration[];
  /**
   * The moment that all pages are about.
   */
  moment: Moment;
  /**
   * Cursor of the next page; `None` when the answer is complete.
   */
  next?: string | null;
  /**
   * Units that appear for the first and only time. Links are as of the moment; a unit's own record is as of the state that answers.
   */
  units: UnitView[];
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
   * How a lot is kept apart; `None` for a piece.
   */
  custody?: CustodyModel | null;
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
   * Inspection lot of incoming goods.
   */
  inspection_lot?: string | null;
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
   * Whether it has its quality record.
   */
  quality: Quality;
  /**
   * Number of its current revision, from 0.
   */
  revision: number;
  /**
   * Who delivered it, where that is not the maker.
   */
  supplier?: string | null;
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
/**
 * A page of one level.
 */
export interface WhereUsedResponse {
  /**
   * Links in order of recording.
   */
  entries: Used[];
  /**
   * Last link looked at, for the next page; `None` when the list is complete.
   */
  next?: number | null;
}
