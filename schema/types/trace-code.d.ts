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
      };
    }
  | {
      set_overlay: {
        /**
         * The codes, at most [`MAX_OVERLAY_CODES`].
         */
        codes: string[];
        /**
         * The mark.
         */
        overlay: Overlay;
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
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      advance: {
        /**
         * At most [`MAX_STEPS`].
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
export type Overlay = "held" | "recalled" | "non_conformant" | "stolen" | "suspect_clone";
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
      use: {
        /**
         * The code.
         */
        code: string;
      };
    };
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
         * Proof of issuance, where the scanner holds one.
         */
        presented?: PresentedCode | null;
      };
    };
export type BatchResponse = Batch | null;
/**
 * `Open → Revoked`, and either of them `→ Compromised` once two leaves with one code are proved: an issuer cannot hide behind a withdrawal.
 */
export type BatchStatus = "open" | "revoked" | "compromised";
export type BatchesResponse = Batch[];
export type ClassResponse = Class | null;
export type ClassesResponse = Class[];
export type ClassesByIdResponse = (Class | null)[];
export type CodeResponse = CodeState | null;
export type LivesResponse = (LifeAnswer | null)[];
/**
 * What a scan of a code means.
 */
export type Verdict =
  | "genuine"
  | "genuine_already_sold"
  | "held"
  | "recalled"
  | "not_yet_active"
  | "ended"
  | "unknown"
  | "forged"
  | "suspect_clone";

export interface TraceCodeContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  BatchResponse: BatchResponse;
  BatchesResponse: BatchesResponse;
  ClassResponse: ClassResponse;
  ClassesResponse: ClassesResponse;
  ClassesByIdResponse: ClassesByIdResponse;
  CodeResponse: CodeResponse;
  ConfigResponse: ConfigResponse;
  LivesResponse: LivesResponse;
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
   * Depth of the Merkle tree, at most [`MAX_DEPTH`].
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
   * Root over the leaves ([`leaf_hash`], padded with [`padding_hash`]).
   */
  root: Digest;
  /**
   * Kind of tail.
   */
  tail: TailAlgorithm;
  /**
   * Key id of the tail's key, where there is a tail.
   */
  tail_kid?: string | null;
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
 * A code's own record, written when it leaves its batch's default.
 */
export interface CodeState {
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
   * The text.
   */
  code: string;
  /**
   * First recorded scan.
   */
  first_scan?: Scan | null;
  /**
   * Place in the batch.
   */
  index: number;
  /**
   * Latest recorded scan.
   */
  last_scan?: Scan | null;
  /**
   * Life.
   */
  life: Life;
  /**
   * Overlays, ascending.
   */
  overlays: Overlay[];
  /**
   * Scans recorded.
   */
  scans: number;
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
 * Set-up as it answers.
 */
export interface ConfigResponse {
  /**
   * The assembly graph, once wired.
   */
  assembly_graph?: string | null;
  /**
   * The registry.
   */
  registry: string;
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
 * A verdict with its reason and what is known of the code.
 */
export interface VerifyResponse {
  /**
   * Why, in a sentence.
   */
  reason: string;
  /**
   * The code's record.
   */
  state?: CodeState | null;
  /**
   * The verdict.
   */
  verdict: Verdict;
}
