// Generated from the JSON schema beside it by `make schema`; do not edit.

/**
 * Writes to trace-code.
 */
export type ExecuteMsg =
  | {
      wire: {
        /**
         * The assembly graph.
         */
        assembly_graph: string;
      };
    }
  | {
      register_class: NewClass;
    }
  | {
      revise_class: {
        /**
         * The class.
         */
        class: string;
        /**
         * Days from production to expiry from now on.
         */
        shelf_life_days?: number | null;
        /**
         * Specification or model from now on.
         */
        specification: string;
      };
    }
  | {
      issue_batch: NewBatch;
    }
  | {
      revoke_batch: {
        /**
         * The batch.
         */
        batch: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      void_range: {
        /**
         * The batch.
         */
        batch: string;
        /**
         * First place.
         */
        from: number;
        /**
         * Why, for the record.
         */
        reason: string;
        /**
         * First place behind the range.
         */
        to: number;
      };
    }
  | {
      report_duplicate: {
        /**
         * One.
         */
        first: PresentedCode;
        /**
         * The other: same code and batch, another index.
         */
        second: PresentedCode;
      };
    }
  | {
      record_scan: {
        /**
         * Coarse cell of the place.
         */
        cell: string;
        /**
         * The code.
         */
        code: string;
        /**
         * Names the reading: the same reading is not counted twice. [`super::SCAN_NONCE_BYTES`] bytes.
         */
        nonce?: HexBinary | null;
      };
    }
  | {
      acquit: {
        /**
         * The code.
         */
        code: string;
        /**
         * The secret.
         */
        secret: HexBinary;
      };
    }
  | {
      acquit_clone: {
        /**
         * The code.
         */
        code: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      set_overlay: {
        /**
         * The codes, at most [`super::MAX_OVERLAY_CODES`].
         */
        codes: string[];
        /**
         * The mark.
         */
        overlay: Overlay;
        /**
         * Problem or campaign; where none is named, the sender's participant id.
         */
        problem?: string | null;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      clear_overlay: {
        /**
         * The codes.
         */
        codes: string[];
        /**
         * The mark.
         */
        overlay: Overlay;
        /**
         * The problem; where none is named, all of the mark.
         */
        problem?: string | null;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      set_quota: {
        /**
         * Codes in all, those already issued included; `None` = no limit.
         */
        limit?: number | null;
        /**
         * Of what.
         */
        scope: QuotaScope;
      };
    }
  | {
      restrict_prefixes: {
        /**
         * True: a prefix outside every assigned range is refused.
         */
        assigned_only: boolean;
      };
    }
  | {
      advance: {
        /**
         * At most [`super::MAX_STEPS`].
         */
        steps: LifeStep[];
      };
    };
/**
 * Kinds of Annex C, table C.1, with the two that A.2 and B.1 add (outsourced part, blank).
 */
export type ClassKind =
  | "product"
  | "component"
  | "self_made_part"
  | "key_purchased_part"
  | "important_purchased_part"
  | "general_purchased_part"
  | "outsourced_part"
  | "blank"
  | "raw_material"
  | "equipment"
  | "packaging";
/**
 * Granularity of a class.
 */
export type Tracking = "serial" | "lot";
/**
 * A hash with the name of its algorithm.
 */
export type Digest = string;
/**
 * What a thing holds besides its code's text.
 */
export type SecretMode = "none" | "nonce" | "hidden" | "chip_key";
/**
 * How a code's tail proves its origin without the chain.
 */
export type TailAlgorithm = "none" | "hmac_sha256128" | "ed25519";
/**
 * This is a wrapper around Vec<u8> to add hex de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is similar to `cosmwasm_std::Binary` but uses hex. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type HexBinary = string;
/**
 * Marks beside the life, set and lifted independently.
 */
export type Overlay =
  "held" | "recalled" | "non_conformant" | "stolen" | "suspect_clone" | "damaged" | "needs_replacement";
/**
 * What a quota counts.
 */
export type QuotaScope =
  | {
      class: string;
    }
  | {
      issuer: string;
    };
/**
 * A step of a code's life that the assembly graph asks for.
 */
export type LifeStep =
  | {
      activate: {
        /**
         * The participant that makes the unit: must be the batch's issuer.
         */
        actor: string;
        /**
         * The class that the unit claims.
         */
        class: string;
        /**
         * The code with its proof.
         */
        presented: PresentedCode;
        /**
         * True where the unit has its quality record at birth, or its class needs none: the code becomes `Active`; else `Applied`.
         */
        released: boolean;
      };
    }
  | {
      release: {
        /**
         * The code.
         */
        code: string;
      };
    }
  | {
      rework: {
        /**
         * The code.
         */
        code: string;
      };
    }
  | {
      leave: {
        /**
         * The participant.
         */
        actor: string;
        /**
         * Coarse cell of the place.
         */
        cell: string;
        /**
         * The code.
         */
        code: string;
        /**
         * `Sold`, `Exported` or `Sampled`.
         */
        to: Life;
      };
    }
  | {
      undo: {
        /**
         * The participant.
         */
        actor: string;
        /**
         * Coarse cell of the place.
         */
        cell: string;
        /**
         * The code.
         */
        code: string;
      };
    }
  | {
      restore: {
        /**
         * The code.
         */
        code: string;
        /**
         * Where it was before.
         */
        to: Life;
      };
    }
  | {
      supersede: {
        /**
         * The participant: must be the new batch's issuer.
         */
        actor: string;
        /**
         * The new code with its proof.
         */
        by: PresentedCode;
        /**
         * The class.
         */
        class: string;
        /**
         * The old code.
         */
        code: string;
      };
    }
  | {
      mark: {
        /**
         * The code.
         */
        code: string;
        /**
         * The mark.
         */
        overlay: Overlay;
        /**
         * The problem or campaign.
         */
        problem: string;
        /**
         * True = set, false = lift.
         */
        set: boolean;
      };
    }
  | {
      move: {
        /**
         * The code.
         */
        code: string;
        /**
         * Where to.
         */
        to: Life;
      };
    }
  | {
      require: {
        /**
         * The code.
         */
        code: string;
      };
    }
  | {
      work_on: {
        /**
         * The code.
         */
        code: string;
      };
    }
  | {
      join: {
        /**
         * The lot that ends.
         */
        code: string;
        /**
         * The joint lot, brought to life by an earlier step of the same message.
         */
        into: string;
      };
    }
  | {
      use: {
        /**
         * The code.
         */
        code: string;
      };
    };
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
 * Reads from trace-code.
 */
export type QueryMsg =
  | {
      config: {};
    }
  | {
      class: {
        /**
         * Its id.
         */
        id: string;
      };
    }
  | {
      classes_by_id: {
        /**
         * Their ids.
         */
        ids: string[];
      };
    }
  | {
      classes: {
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
      class_versions: {
        /**
         * The class.
         */
        class: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last version of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      batch: {
        /**
         * Its id.
         */
        id: string;
      };
    }
  | {
      batches: {
        /**
         * The class.
         */
        class: string;
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
      batch_stats: {
        /**
         * The batch.
         */
        id: string;
      };
    }
  | {
      range_states: {
        /**
         * The batch.
         */
        batch: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * `from` of the last range of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      codes_of_batch: {
        /**
         * The batch.
         */
        batch: string;
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last place of the page before.
         */
        start_after?: number | null;
      };
    }
  | {
      code: {
        /**
         * The text.
         */
        code: string;
      };
    }
  | {
      lives: {
        /**
         * The codes.
         */
        codes: string[];
      };
    }
  | {
      verify: {
        /**
         * The text.
         */
        code: string;
        /**
         * What else the scanner holds.
         */
        evidence?: Evidence | null;
        /**
         * Proof of issuance, where the scanner holds one.
         */
        presented?: PresentedCode | null;
      };
    }
  | {
      duplicates: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Batch and code of the last entry of the page before.
         *
         * @minItems 2
         * @maxItems 2
         */
        start_after?: [string, string] | null;
      };
    }
  | {
      quota: {
        /**
         * The scope.
         */
        scope: QuotaScope;
      };
    }
  | {
      quotas: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last scope of the page before.
         */
        start_after?: QuotaScope | null;
      };
    };
/**
 * Algorithms of keys. Each stored key names its own, so that another one (SM2) is an addition.
 */
export type KeyAlgorithm = "ed25519" | "secp256k1" | "x25519";
export type BatchResponse = Batch | null;
/**
 * `Open → Revoked`, and either of them `→ Compromised` once two leaves with one code are proved: an issuer cannot hide behind a withdrawal.
 */
export type BatchStatus = "open" | "revoked" | "compromised";
export type BatchStatsResponse = BatchStatsAnswer | null;
export type BatchesResponse = Batch[];
export type ClassResponse = Class | null;
export type ClassVersionsResponse = ClassVersion[];
export type ClassesResponse = Class[];
export type ClassesByIdResponse = (Class | null)[];
export type CodeResponse = CodeState | null;
/**
 * Who answers for a mark, weakest first. The stronger word counts where two set the same one.
 */
export type ProblemSetter = "scans" | "proof" | "owner" | "event" | "regulator";
export type CodesOfBatchResponse = PlacedCode[];
export type DuplicatesResponse = DuplicateReport[];
export type LivesResponse = (LifeAnswer | null)[];
export type QuotasResponse = Quota[];
export type RangeStatesResponse = VoidedRange[];
/**
 * What came out.
 */
export type StageOutcome = "passed" | "failed" | "not_checked";
/**
 * What is looked at, in this order.
 */
export type Stage = "syntax" | "check" | "tail" | "member" | "life" | "clone" | "acquittal";
/**
 * What a scan of a code means.
 */
export type Verdict =
  | "genuine"
  | "genuine_already_sold"
  | "held"
  | "recalled"
  | "expired"
  | "not_yet_active"
  | "awaiting_quality"
  | "ended"
  | "unknown"
  | "forged"
  | "suspect_clone";

export interface TraceCodeContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  BatchResponse: BatchResponse;
  BatchStatsResponse: BatchStatsResponse;
  BatchesResponse: BatchesResponse;
  ClassResponse: ClassResponse;
  ClassVersionsResponse: ClassVersionsResponse;
  ClassesResponse: ClassesResponse;
  ClassesByIdResponse: ClassesByIdResponse;
  CodeResponse: CodeResponse;
  CodesOfBatchResponse: CodesOfBatchResponse;
  ConfigResponse: ConfigResponse;
  DuplicatesResponse: DuplicatesResponse;
  LivesResponse: LivesResponse;
  QuotaResponse: QuotaResponse;
  QuotasResponse: QuotasResponse;
  RangeStatesResponse: RangeStatesResponse;
  VerifyResponse: VerifyResponse;
}
/**
 * Set-up of trace-code.
 */
export interface InstantiateMsg {
  /**
   * The participant registry.
   */
  registry: string;
}
/**
 * A class of products or parts.
 */
export interface NewClass {
  /**
   * Id, unique on the chain.
   */
  id: string;
  /**
   * Kind of Annex C.
   */
  kind: ClassKind;
  /**
   * Name for people.
   */
  name: string;
  /**
   * Product id (GTIN, CPI …) where there is one.
   */
  product_id?: string | null;
  /**
   * Days from production to expiry, where goods expire.
   */
  shelf_life_days?: number | null;
  /**
   * Specification or model (clause 7.1 b).
   */
  specification: string;
  /**
   * Granularity.
   */
  tracking: Tracking;
  /**
   * Unit of measure (UN/ECE Recommendation 20); `None` = pieces.
   */
  uom?: string | null;
}
/**
 * A batch of codes: one record, whatever the count.
 */
export interface NewBatch {
  /**
   * The class that the codes are for; the sender must own it.
   */
  class: string;
  /**
   * Number of codes: 1 to 2^depth.
   */
  count: number;
  /**
   * Depth of the Merkle tree, at most [`super::MAX_DEPTH`].
   */
  depth: number;
  /**
   * Id, unique on the chain.
   */
  id: string;
  /**
   * Production line that the codes are meant for.
   */
  line?: string | null;
  /**
   * All codes of the batch begin with this; no two batches share a prefix or one that begins with it.
   */
  prefix: string;
  /**
   * Root over the leaves ([`super::leaf_hash`], padded with [`super::padding_hash`]).
   */
  root: Digest;
  /**
   * What a thing holds besides the text.
   */
  secret_mode?: SecretMode & string;
  /**
   * Kind of tail.
   */
  tail: TailAlgorithm;
  /**
   * Key id of the tail's key, where there is a tail. For Ed25519 a key of the issuer in the registry with the purpose `CodeTail`, valid now; a shared HMAC key has no public half, its id is only declared.
   */
  tail_kid?: string | null;
  /**
   * Codes come to life from this block time on, in seconds since 1970.
   */
  valid_from_s?: number | null;
  /**
   * And before this one.
   */
  valid_to_s?: number | null;
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
 * What a scanner holds besides text and proof.
 */
export interface Evidence {
  /**
   * Coarse cell of the place.
   */
  cell?: string | null;
  /**
   * What the chip answered.
   */
  chip?: ChipAnswer | null;
  /**
   * The nonce printed beside the code, where no proof is presented.
   */
  nonce?: HexBinary | null;
  /**
   * The hidden secret. Nothing is redeemed by asking; whoever answers the query sees it.
   */
  secret?: HexBinary | null;
  /**
   * The tail printed beside the code, base64url without padding.
   */
  tail?: string | null;
}
/**
 * A chip's answer to a challenge that the scanner made up.
 */
export interface ChipAnswer {
  /**
   * Algorithm of the chip's key.
   */
  algorithm: KeyAlgorithm;
  /**
   * The challenge, at most [`super::MAX_CHALLENGE`] bytes.
   */
  challenge: HexBinary;
  /**
   * The chip's public key; its hash is in the code's leaf.
   */
  public_key: HexBinary;
  /**
   * Signature over [`super::chip_bytes`].
   */
  signature: HexBinary;
}
/**
 * A batch as stored.
 */
export interface Batch {
  /**
   * Codes of it that came to life.
   */
  activated: number;
  /**
   * Class.
   */
  class: string;
  /**
   * Version of the class at issuance.
   */
  class_version?: number;
  /**
   * Number of codes.
   */
  count: number;
  /**
   * Depth of the tree.
   */
  depth: number;
  /**
   * Id.
   */
  id: string;
  /**
   * Height of issuance.
   */
  issued_at: number;
  /**
   * The participant that issued it.
   */
  issuer: string;
  /**
   * Production line.
   */
  line?: string | null;
  /**
   * Prefix.
   */
  prefix: string;
  /**
   * Root.
   */
  root: Digest;
  /**
   * What a thing holds besides the text.
   */
  secret_mode?: SecretMode & string;
  /**
   * Where it stands.
   */
  status: BatchStatus;
  /**
   * Kind of tail.
   */
  tail: TailAlgorithm;
  /**
   * Key id of the tail.
   */
  tail_kid?: string | null;
  /**
   * Codes come to life from this block time on, in seconds since 1970.
   */
  valid_from_s?: number | null;
  /**
   * And before this one.
   */
  valid_to_s?: number | null;
  /**
   * Ranges that these places form.
   */
  void_ranges?: number;
  /**
   * Places that will never come to life. Invariant K1: `activated + voided ≤ count`.
   */
  voided?: number;
}
/**
 * How many codes of a batch are where. `activated + voided + unused = count`.
 */
export interface BatchStatsAnswer {
  /**
   * Came to life.
   */
  activated: number;
  /**
   * The batch.
   */
  batch: string;
  /**
   * Codes in all.
   */
  count: number;
  /**
   * Where it stands.
   */
  status: BatchStatus;
  /**
   * Neither.
   */
  unused: number;
  /**
   * Ranges of withdrawn places.
   */
  void_ranges: number;
  /**
   * Withdrawn by range.
   */
  voided: number;
}
/**
 * A class as stored.
 */
export interface Class {
  /**
   * Id, unique on the chain.
   */
  id: string;
  /**
   * Kind of Annex C.
   */
  kind: ClassKind;
  /**
   * Name for people.
   */
  name: string;
  /**
   * The participant that registered it.
   */
  owner: string;
  /**
   * Product id (GTIN, CPI …) where there is one.
   */
  product_id?: string | null;
  /**
   * Height of registration.
   */
  registered_at: number;
  /**
   * Days from production to expiry, where goods expire.
   */
  shelf_life_days?: number | null;
  /**
   * Specification or model (clause 7.1 b).
   */
  specification: string;
  /**
   * Granularity.
   */
  tracking: Tracking;
  /**
   * Unit of measure (UN/ECE Recommendation 20); `None` = pieces.
   */
  uom?: string | null;
}
/**
 * A version of a class's specification, from 1. A batch belongs to the one that held when it was issued.
 */
export interface ClassVersion {
  /**
   * First height at which it held.
   */
  from_height: number;
  /**
   * Days from production to expiry.
   */
  shelf_life_days?: number | null;
  /**
   * Specification or model.
   */
  specification: string;
  /**
   * Its number.
   */
  version: number;
}
/**
 * A code's own record, written when it leaves its batch's default.
 */
export interface CodeState {
  /**
   * Height at which its hidden secret was redeemed.
   */
  acquitted_at?: number | null;
  /**
   * Height at which it came to life.
   */
  activated_at: number;
  /**
   * Batch.
   */
  batch: string;
  /**
   * Class.
   */
  class: string;
  /**
   * Height at which the suspicion of a copy was dismissed.
   */
  clone_acquitted_at?: number | null;
  /**
   * The text.
   */
  code: string;
  /**
   * Distinct cells among them; stays at [`super::MAX_CELLS`].
   */
  distinct_cells: number;
  /**
   * First recorded scan.
   */
  first_scan?: Scan | null;
  /**
   * Hash of its hidden secret or of its chip's public key.
   */
  hidden?: Digest | null;
  /**
   * Place in the batch.
   */
  index: number;
  /**
   * Latest recorded scan.
   */
  last_scan?: Scan | null;
  /**
   * Its last departure.
   */
  left?: Departure | null;
  /**
   * Life.
   */
  life: Life;
  /**
   * Overlays, ascending.
   */
  overlays: Overlay[];
  /**
   * The problems behind them, ascending.
   */
  problems: Problem[];
  /**
   * Scans recorded.
   */
  scans: number;
  /**
   * The code that replaced this one.
   */
  superseded_by?: string | null;
  /**
   * The code that this one replaced.
   */
  supersedes?: string | null;
}
/**
 * A recorded scan. The place is a coarse cell: a consumer's exact position is never on chain.
 */
export interface Scan {
  /**
   * Coarse cell ([`crate::event::check_cell`]).
   */
  cell: string;
  /**
   * Height.
   */
  height: number;
  /**
   * Block time in seconds since 1970.
   */
  time_s: number;
}
/**
 * When, where and by whom a unit left: what [`LifeStep::Undo`] asks for.
 */
export interface Departure {
  /**
   * The participant.
   */
  actor: string;
  /**
   * Coarse cell of the place.
   */
  cell: string;
  /**
   * Life before.
   */
  from: Life;
  /**
   * Block time in seconds since 1970.
   */
  time_s: number;
}
/**
 * One problem behind a mark. A mark is there as long as one of its problems is.
 */
export interface Problem {
  /**
   * Who answers for it.
   */
  by: ProblemSetter;
  /**
   * The mark.
   */
  overlay: Overlay;
  /**
   * The problem, campaign, event or participant that it is set for.
   */
  problem: string;
}
/**
 * A code of a batch that came to life.
 */
export interface PlacedCode {
  /**
   * Its text.
   */
  code: string;
  /**
   * Its place.
   */
  index: number;
  /**
   * Its life.
   */
  life: Life;
}
/**
 * Set-up as it answers.
 */
export interface ConfigResponse {
  /**
   * The assembly graph, once wired.
   */
  assembly_graph?: string | null;
  /**
   * True where codes are issued in assigned number ranges only.
   */
  assigned_prefixes_only: boolean;
  /**
   * Every migration of this contract, oldest first.
   */
  migrations: Migration[];
  /**
   * The registry.
   */
  registry: string;
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
 * A proved duplicate.
 */
export interface DuplicateReport {
  /**
   * The batch.
   */
  batch: string;
  /**
   * The code.
   */
  code: string;
  /**
   * One of its places.
   */
  first_index: number;
  /**
   * Height of the proof.
   */
  height: number;
  /**
   * Address that proved it.
   */
  reporter: string;
  /**
   * Another one.
   */
  second_index: number;
}
/**
 * Life and overlays of a code.
 */
export interface LifeAnswer {
  /**
   * Life.
   */
  life: Life;
  /**
   * Overlays, ascending.
   */
  overlays: Overlay[];
}
/**
 * Codes issued and allowed within a scope.
 */
export interface QuotaResponse {
  /**
   * Codes issued so far.
   */
  issued: number;
  /**
   * Codes that may be issued in all; `None` = no limit.
   */
  limit?: number | null;
  /**
   * The scope.
   */
  scope: QuotaScope;
}
/**
 * Codes issued and allowed within a scope.
 */
export interface Quota {
  /**
   * Codes issued so far.
   */
  issued: number;
  /**
   * Codes that may be issued in all; `None` = no limit.
   */
  limit?: number | null;
  /**
   * The scope.
   */
  scope: QuotaScope;
}
/**
 * Places of a batch that will never come to life: lost or spoilt labels.
 */
export interface VoidedRange {
  /**
   * First place.
   */
  from: number;
  /**
   * First place behind it.
   */
  to: number;
}
/**
 * A verdict with its reason and what is known of the code.
 */
export interface VerifyResponse {
  /**
   * Why, in a sentence.
   */
  reason: string;
  /**
   * V0 to V6 in order, up to the first that ends the matter.
   */
  stages: StageResult[];
  /**
   * The code's record.
   */
  state?: CodeState | null;
  /**
   * The verdict.
   */
  verdict: Verdict;
}
/**
 * One stage of a verification.
 */
export interface StageResult {
  /**
   * Why, in a sentence.
   */
  note: string;
  /**
   * What came out.
   */
  outcome: StageOutcome;
  /**
   * Which.
   */
  stage: Stage;
}
