// Generated from the JSON schema beside it by `make schema`; do not edit.

/**
 * Writes to the event log.
 */
export type ExecuteMsg =
  | {
      record: RecordMsg;
    }
  | {
      declare: NewDeclaration;
    }
  | {
      define_profile: NewProfile;
    }
  | {
      retire_profile: {
        /**
         * Its id.
         */
        id: string;
        /**
         * Its version.
         */
        version: number;
      };
    }
  | {
      extend_vocabulary: {
        /**
         * Of which field.
         */
        field: WordField;
        /**
         * The words, at most [`super::vocabulary::MAX_NEW_WORDS`].
         */
        words: string[];
      };
    }
  | {
      set_gap_policy: {
        /**
         * The policy, from the next event on.
         */
        policy: GapPolicy;
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      sign_off_gap: {
        /**
         * Number of the report.
         */
        gap: number;
        /**
         * Why, for the record.
         */
        reason: string;
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      attest: {
        /**
         * The event.
         */
        event_id: string;
        /**
         * Named-information URI of the report.
         */
        evidence?: string | null;
        /**
         * What was found.
         */
        verdict: Verdict;
      };
    }
  | {
      set_threshold: Threshold;
    }
  | {
      anchor: NewAnchor;
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
 * Kinds of records that annex B.1 attaches to a level of the product.
 */
export type RecordKind =
  | "customer"
  | "project"
  | "assembly"
  | "incoming_inspection"
  | "outsourcing"
  | "process_inspection"
  | "process_parameters"
  | "environment"
  | "blank"
  | "supplier"
  | "abnormality"
  | "repair"
  | "factory_test"
  | "contract";
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
 * Why an event is declared wrong (CBV 2.0 error reasons).
 */
export type ErrorReason = "did_not_occur" | "incorrect_data";
/**
 * What a rule asks for.
 */
export type Need =
  | {
      disposition: {};
    }
  | {
      outcome: {
        /**
         * The result.
         */
        outcome: Outcome;
      };
    }
  | {
      exact_position: {};
    }
  | {
      business_transaction: {
        /**
         * Its type.
         */
        kind: string;
      };
    }
  | {
      resource: {
        /**
         * Its kind.
         */
        kind: ResourceKind;
      };
    }
  | {
      project: {};
    }
  | {
      payload: {
        /**
         * Leaves.
         */
        fields: number;
      };
    }
  | {
      sensor_time: {};
    }
  | {
      read_point: {};
    }
  | {
      business_location: {};
    }
  | {
      source: {};
    }
  | {
      destination: {};
    }
  | {
      person: {
        /**
         * The part.
         */
        role: string;
      };
    }
  | {
      record: {
        /**
         * Its kind.
         */
        kind: RecordKind;
      };
    }
  | {
      evidence: {
        /**
         * The media type.
         */
        media_type?: string | null;
      };
    }
  | {
      reported: {};
    }
  | {
      proved_id: {};
    }
  | {
      before: {
        /**
         * The business step.
         */
        business_step: string;
        /**
         * The result; `None` = whichever.
         */
        outcome?: Outcome | null;
      };
    };
/**
 * Fields whose words the vocabulary holds.
 */
export type WordField = "business_step" | "disposition" | "business_transaction" | "party";
/**
 * What happens to an event of a source that leaves others out.
 */
export type GapPolicy = "strict" | "mark";
/**
 * What an authentication node found.
 */
export type Verdict = "confirmed" | "refuted";
/**
 * Logs whose roots are anchored.
 */
export type LogKind = "audit" | "evidence";
/**
 * Reads from the event log. Lists hold at most [`crate::page::PAGE_MAX`] entries and at most [`PAGE_BYTES`] of them (at least one); `next` says where to go on and is `None` at the end.
 */
export type QueryMsg =
  | {
      config: {};
    }
  | {
      event: {
        /**
         * Its id, or the name of a declaration.
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
      statuses: {
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
         * `next` of the page before.
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
         * `next` of the page before.
         */
        start_after?: number | null;
        /**
         * Its value.
         */
        value: string;
        /**
         * Only those of this stretch of time.
         */
        window?: TimeWindow | null;
      };
    }
  | {
      events_between: {
        /**
         * Begin (inclusive), milliseconds since 1970.
         */
        from_ms: number;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: number | null;
        /**
         * End (exclusive).
         */
        to_ms: number;
      };
    }
  | {
      source_state: {
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      gap_policy: {
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      gaps: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * The source.
         */
        source: string;
        /**
         * Number of the last report of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      open_gaps: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: GapKey | null;
      };
    }
  | {
      profile: {
        /**
         * Its id.
         */
        id: string;
        /**
         * Its version.
         */
        version?: number | null;
      };
    }
  | {
      profiles: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      words: {
        /**
         * Of which field.
         */
        field: WordField;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      attestations: {
        /**
         * The event.
         */
        event_id: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      anchors: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Which log.
         */
        log: LogKind;
        /**
         * The participant.
         */
        participant: string;
        /**
         * `next` of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      latest_anchor: {
        /**
         * Which log.
         */
        log: LogKind;
        /**
         * The participant.
         */
        participant: string;
      };
    }
  | {
      verify_disclosure: {
        /**
         * The field.
         */
        disclosure: Disclosure;
        /**
         * The event.
         */
        event_id: string;
      };
    };
/**
 * Indexes over events, kept from the first write.
 */
export type EventIndex =
  | "business_transaction"
  | "resource"
  | "project"
  | "actor"
  | "source"
  | "record"
  | "profile"
  | "kind"
  | "business_step"
  | "business_location";
/**
 * Which of an event's two times is meant.
 */
export type TimeField = "event_time" | "record_time";
export type AttestationsResponse = AttestationsAnswer | null;
export type EventResponse = StoredEvent | null;
/**
 * What happens to an event of a source that leaves others out.
 */
export type GapPolicyResponse = "strict" | "mark";
/**
 * Where a gap report stands.
 */
export type GapStatus = "open" | "filled" | "signed_off";
export type LatestAnchorResponse = Anchor | null;
export type ProfileResponse = ProcessProfile | null;
/**
 * Whether events may still name a version.
 */
export type ProfileStatus = "active" | "retired";
/**
 * Whether an event still counts.
 */
export type EventStatus =
  | {
      recorded: {};
    }
  | {
      declared_wrong: DeclaredWrong;
    };
export type StatusesResponse = (EventStatus | null)[];

export interface EventLogContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  AnchorsResponse: AnchorsResponse;
  AttestationsResponse: AttestationsResponse;
  ConfigResponse: ConfigResponse;
  EventResponse: EventResponse;
  EventsResponse: EventsResponse;
  EventsBetweenResponse: EventsBetweenResponse;
  EventsByResponse: EventsByResponse;
  EventsByIdResponse: EventsByIdResponse;
  GapPolicyResponse: GapPolicyResponse;
  GapsResponse: GapsResponse;
  LatestAnchorResponse: LatestAnchorResponse;
  OpenGapsResponse: OpenGapsResponse;
  ProfileResponse: ProfileResponse;
  ProfilesResponse: ProfilesResponse;
  SourceStateResponse: SourceStateResponse;
  StatusesResponse: StatusesResponse;
  VerifyDisclosureResponse: VerifyDisclosureResponse;
  WordsResponse: WordsResponse;
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
   * Shows that the payload commits to the event's id, as the field [`crate::fields::EPCIS_HASH`] (E1). Not stored, only that it was shown.
   */
  id_proof?: Disclosure | null;
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
   * Where the units are afterwards (EPCIS bizLocation), likewise.
   */
  business_location?: string | null;
  /**
   * CBV business step, short form, e.g. `assembling`.
   */
  business_step: string;
  /**
   * Documents that it belongs to.
   */
  business_transactions: BusinessTransaction[];
  /**
   * EPCIS destinations: whither.
   */
  destinations?: Party[];
  /**
   * CBV disposition, short form, e.g. `active`.
   */
  disposition?: string | null;
  /**
   * Keys to the encrypted payload, handed to those who may read it: digests, so that withholding is visible.
   */
  envelopes?: EnvelopeDigest[];
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
   * People with a part in it, each as a commitment (annex B.1).
   */
  persons?: Person[];
  /**
   * Where.
   */
  position: Position;
  /**
   * Process profile that the event claims to follow.
   */
  profile?: ProfileRef | null;
  /**
   * Project number.
   */
  project?: string | null;
  /**
   * Where it was read (EPCIS readPoint), by an id that gives no exact position away.
   */
  read_point?: string | null;
  /**
   * Records that belong to it (annex B.1).
   */
  records?: AttachedRecord[];
  /**
   * Equipment, tools, gauges, vehicles.
   */
  resources: Resource[];
  /**
   * Latest time of a sensor reading in the event, milliseconds since 1970; not after [`Self::event_time_ms`].
   */
  sensor_time_ms?: number | null;
  /**
   * CBV persistent dispositions that hold from now on.
   */
  set_dispositions?: string[];
  /**
   * EPCIS sources: whence, as CBV type and participant or location id.
   */
  sources?: Party[];
  /**
   * Offset where it happened, e.g. `+08:00`.
   */
  time_zone: string;
  /**
   * CBV persistent dispositions that no longer hold.
   */
  unset_dispositions?: string[];
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
 * An end of a transfer (EPCIS source and destination lists).
 */
export interface Party {
  /**
   * Participant or location.
   */
  id: string;
  /**
   * CBV source/destination type: `owning_party`, `possessing_party`, `location`.
   */
  kind: string;
}
/**
 * That a key to the payload was enclosed for someone (clause 13.3). The envelope itself is kept outside the chain.
 */
export interface EnvelopeDigest {
  /**
   * Digest of the envelope.
   */
  digest: Digest;
  /**
   * The participant that it is for.
   */
  grantee: string;
  /**
   * Which of its keys.
   */
  kid: string;
}
/**
 * A file that proves something, kept outside the chain.
 */
export interface Evidence {
  /**
   * Named-information URI of the encrypted file, where it is kept encrypted: so that what a store hands out can be checked without the key.
   */
  ciphertext?: string | null;
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
   * How many leaves, decoys included.
   */
  fields: number;
  /**
   * Root over the leaves ([`crate::fields`]).
   */
  root: Digest;
}
/**
 * A person's part in an event. Persons are never named in clear.
 */
export interface Person {
  /**
   * What they did: `operator`, `inspector`, `approver`, …
   */
  role: string;
  /**
   * Salted commitment to who.
   */
  who: Digest;
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
 * A process profile at a version.
 */
export interface ProfileRef {
  /**
   * Its id.
   */
  id: string;
  /**
   * Its version, from 1.
   */
  version: number;
}
/**
 * A record attached to an event.
 */
export interface AttachedRecord {
  /**
   * Salted commitment to its content.
   */
  content?: Digest | null;
  /**
   * Its number in clear; never where [`RecordKind::committed_only`].
   */
  id?: string | null;
  /**
   * Kind.
   */
  kind: RecordKind;
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
 * One field shown, with the way from its leaf to the root.
 */
export interface Disclosure {
  /**
   * Place of its leaf, from 0.
   */
  index: number;
  /**
   * The field.
   */
  name: string;
  /**
   * Neighbours on the way up, the lowest first; at most [`MAX_PATH`].
   */
  path: Digest[];
  /**
   * Its salt: 32 lower-case hex digits.
   */
  salt: string;
  /**
   * Its value.
   */
  value: string;
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
 * An error declaration as it is sent.
 */
export interface NewDeclaration {
  /**
   * Ids of the events that say it right; they may come later.
   */
  corrective_ids: string[];
  /**
   * When it was declared, milliseconds since 1970; `None` = now.
   */
  declared_at_ms?: number | null;
  /**
   * Id of the wrong event.
   */
  event: string;
  /**
   * Id of the declaration: its own, or that of the wrong event, as EPCIS repeats it.
   */
  event_id: string;
  /**
   * Why.
   */
  reason: ErrorReason;
}
/**
 * A profile as it is defined.
 */
export interface NewProfile {
  /**
   * What events may be; at least one.
   */
  allowed: AllowedStep[];
  /**
   * Id, the same for all versions.
   */
  id: string;
  /**
   * Industry, in words for people.
   */
  industry: string;
  /**
   * What they need: fields, evidence, steps before.
   */
  rules: Rule[];
  /**
   * Digest of the JSON schema of the payload's fields, which is kept outside the chain.
   */
  schema?: Digest | null;
  /**
   * One more than the last, from 1.
   */
  version: number;
}
/**
 * A triple that an event of the profile may have.
 */
export interface AllowedStep {
  /**
   * Its business step.
   */
  business_step: string;
  /**
   * Its disposition; `None` = whichever, or none at all.
   */
  disposition?: string | null;
  /**
   * Kind of the event.
   */
  kind: EventKind;
}
/**
 * A rule of a profile.
 */
export interface Rule {
  /**
   * Business step that it binds; `None` = every one.
   */
  business_step?: string | null;
  /**
   * What it asks for.
   */
  needs: Need;
}
/**
 * How many confirmations an event of a kind needs.
 */
export interface Threshold {
  /**
   * The kind.
   */
  kind: EventKind;
  /**
   * Confirmations.
   */
  needed: number;
}
/**
 * A root of a participant's log over a stretch of time.
 */
export interface NewAnchor {
  /**
   * How many entries; a stretch without any is anchored, too.
   */
  count: number;
  /**
   * Begin (inclusive), milliseconds since 1970: where the one before ends.
   */
  from_ms: number;
  /**
   * Which log.
   */
  log: LogKind;
  /**
   * Root over the entries.
   */
  root: Digest;
  /**
   * One more than the last of this participant and log, from 1.
   */
  sequence: number;
  /**
   * End (exclusive).
   */
  to_ms: number;
}
/**
 * A stretch of time.
 */
export interface TimeWindow {
  /**
   * Of which time.
   */
  field: TimeField;
  /**
   * Begin (inclusive), milliseconds since 1970.
   */
  from_ms: number;
  /**
   * End (exclusive).
   */
  to_ms: number;
}
/**
 * Names a gap report, for pages.
 */
export interface GapKey {
  /**
   * Number of the report.
   */
  id: number;
  /**
   * The source.
   */
  source: string;
}
/**
 * A page of anchors.
 */
export interface AnchorsResponse {
  /**
   * The anchors.
   */
  anchors: Anchor[];
  /**
   * What the next page starts after.
   */
  next?: number | null;
}
/**
 * An anchor as stored.
 */
export interface Anchor {
  /**
   * The anchor.
   */
  anchor: NewAnchor;
  /**
   * Height.
   */
  height: number;
  /**
   * Whose log it is.
   */
  participant: string;
  /**
   * Block time, milliseconds since 1970.
   */
  time_ms: number;
}
/**
 * A page of what authentication nodes say of an event.
 */
export interface AttestationsAnswer {
  /**
   * The words of this page.
   */
  attestations: Attestation[];
  /**
   * Confirmations so far.
   */
  confirmed: number;
  /**
   * Confirmations needed for events of its kind.
   */
  needed: number;
  /**
   * What the next page starts after.
   */
  next?: string | null;
  /**
   * Height at which the confirmations reached what was needed then.
   */
  reached_at?: number | null;
  /**
   * Refutations so far.
   */
  refuted: number;
}
/**
 * A participant's word on an event.
 */
export interface Attestation {
  /**
   * Named-information URI of its report.
   */
  evidence?: string | null;
  /**
   * Height.
   */
  height: number;
  /**
   * The participant.
   */
  participant: string;
  /**
   * Block time, milliseconds since 1970.
   */
  time_ms: number;
  /**
   * What it found.
   */
  verdict: Verdict;
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
   * Migrations of this contract, oldest first.
   */
  migrations: Migration[];
  /**
   * The registry.
   */
  registry: string;
  /**
   * Confirmations needed by kind, all seven.
   */
  thresholds: Threshold[];
  /**
   * Version of the vocabulary.
   */
  vocabulary: number;
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
   * The event that this one declares wrong.
   */
  declares?: Declaration | null;
  /**
   * The event. A declaration repeats the event that it declares wrong, under its own id.
   */
  event: NewEvent;
  /**
   * True where the sender showed that the payload commits to the event's id (E1).
   */
  id_proved?: boolean;
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
 * An error declaration as stored.
 */
export interface Declaration {
  /**
   * Ids of the events that say it right.
   */
  corrective_ids: string[];
  /**
   * When it was declared, milliseconds since 1970.
   */
  declared_at_ms: number;
  /**
   * Id of the wrong event.
   */
  event: string;
  /**
   * Its number.
   */
  number: number;
  /**
   * Why.
   */
  reason: ErrorReason;
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
 * A page of events.
 */
export interface EventsResponse {
  /**
   * The events.
   */
  events: StoredEvent[];
  /**
   * What the next page starts after.
   */
  next?: number | null;
}
/**
 * A page of events.
 */
export interface EventsBetweenResponse {
  /**
   * The events.
   */
  events: StoredEvent[];
  /**
   * What the next page starts after.
   */
  next?: number | null;
}
/**
 * A page of events.
 */
export interface EventsByResponse {
  /**
   * The events.
   */
  events: StoredEvent[];
  /**
   * What the next page starts after.
   */
  next?: number | null;
}
/**
 * Events by id.
 */
export interface EventsByIdResponse {
  /**
   * One entry for each of the first ids, `None` for an unknown one.
   */
  events: (StoredEvent | null)[];
  /**
   * Place of the first id that found no room, from 0: ask again from there.
   */
  next?: number | null;
}
/**
 * A page of gap reports.
 */
export interface GapsResponse {
  /**
   * The reports.
   */
  gaps: GapReport[];
  /**
   * What the next page starts after.
   */
  next?: GapKey | null;
}
/**
 * Events that a source has numbered and the chain has not got, or had not for a while.
 */
export interface GapReport {
  /**
   * Height at which it was filled or signed off.
   */
  closed_at?: number | null;
  /**
   * First sequence that was missing.
   */
  from: number;
  /**
   * Number of the report, from 1 for each source.
   */
  id: number;
  /**
   * How many are missing still.
   */
  missing: number;
  /**
   * Height of its opening.
   */
  opened_at: number;
  /**
   * Number of the event that opened it.
   */
  opened_by: number;
  /**
   * The word of the source's owner.
   */
  owner?: SignOff | null;
  /**
   * The word of a regulator other than the owner.
   */
  regulator?: SignOff | null;
  /**
   * The source.
   */
  source: string;
  /**
   * Where it stands.
   */
  status: GapStatus;
  /**
   * Last one.
   */
  to: number;
}
/**
 * A participant's word that missing events will not come.
 */
export interface SignOff {
  /**
   * Height.
   */
  height: number;
  /**
   * The participant.
   */
  participant: string;
  /**
   * Why, for the record.
   */
  reason: string;
}
/**
 * A page of gap reports.
 */
export interface OpenGapsResponse {
  /**
   * The reports.
   */
  gaps: GapReport[];
  /**
   * What the next page starts after.
   */
  next?: GapKey | null;
}
/**
 * A version of a profile as stored.
 */
export interface ProcessProfile {
  /**
   * Height of its definition.
   */
  defined_at: number;
  /**
   * Participant that defined it.
   */
  defined_by: string;
  /**
   * The profile.
   */
  profile: NewProfile;
  /**
   * Height of its end.
   */
  retired_at?: number | null;
  /**
   * Whether events may name it.
   */
  status: ProfileStatus;
}
/**
 * A page of profiles.
 */
export interface ProfilesResponse {
  /**
   * What the next page starts after.
   */
  next?: string | null;
  /**
   * The profiles.
   */
  profiles: ProcessProfile[];
}
/**
 * Where a source's chain stands.
 */
export interface SourceStateResponse {
  /**
   * Hash of that event's [`source_sign_bytes`]; [`source_chain_start`] before the first.
   */
  last: Digest;
  /**
   * Its highest sequence so far; the next has this plus one.
   */
  sequence: number;
}
/**
 * By what an event was declared wrong.
 */
export interface DeclaredWrong {
  /**
   * Name of the declaration ([`super::declaration_name`]).
   */
  by: string;
  /**
   * Ids of the events that say it right.
   */
  corrective_ids: string[];
  /**
   * Number of the declaration.
   */
  number: number;
  /**
   * Why.
   */
  reason: ErrorReason;
}
/**
 * Whether a field is among those that an event commits to.
 */
export interface VerifyDisclosureResponse {
  /**
   * True where it is.
   */
  holds: boolean;
  /**
   * Number of the event.
   */
  number: number;
}
/**
 * A page of the vocabulary.
 */
export interface WordsResponse {
  /**
   * What the next page starts after.
   */
  next?: string | null;
  /**
   * The words.
   */
  words: Word[];
}
/**
 * A word and since when it is known.
 */
export interface Word {
  /**
   * Version of the vocabulary that brought it.
   */
  since: number;
  /**
   * The word.
   */
  word: string;
}
