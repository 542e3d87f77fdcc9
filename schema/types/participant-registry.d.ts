// Generated from the JSON schema beside it by `make schema`; do not edit.

/**
 * An implementation of u256 that is using strings for JSON encoding/decoding, such that the full u256 range can be used for clients that convert JSON numbers to floats, like JavaScript and jq.
 *
 * # Examples
 *
 * Use `new` to create instances out of u128, `from` for other primitive uint types or `from_be_bytes` to provide big endian bytes:
 *
 * ``` # use cosmwasm_std::Uint256; let a = Uint256::new(258u128); let b = Uint256::from(258u16); let c = Uint256::from_be_bytes([ 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 0u8, 1u8, 2u8, ]); assert_eq!(a, b); assert_eq!(a, c); ```
 */
export type Uint256 = string;
/**
 * Writes to the registry.
 *
 * *Decided* in the text below means: by a proposal ([`ExecuteMsg::Propose`]). The message is its shorthand: sent by a certifier, it votes for the open proposal of the same action, or opens one. Where one vote is enough and there is no delay it acts at once, and so does the last vote needed where there is no delay. [`super::Decision`] says which.
 */
export type ExecuteMsg =
  | {
      register: NewParticipant;
    }
  | {
      certify: {
        /**
         * The participant.
         */
        participant: string;
      };
    }
  | {
      reject: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      suspend: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      reinstate: {
        /**
         * The participant.
         */
        participant: string;
      };
    }
  | {
      revoke: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * Why, for the record.
         */
        reason: string;
      };
    }
  | {
      define_role: Role;
    }
  | {
      grant_role: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * The role.
         */
        role: string;
      };
    }
  | {
      withdraw_role: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * The role.
         */
        role: string;
      };
    }
  | {
      bind_address: {
        /**
         * The new address.
         */
        address: string;
      };
    }
  | {
      unbind_address: {
        /**
         * The address.
         */
        address: string;
      };
    }
  | {
      set_metadata: {
        /**
         * The commitment; `None` = to none.
         */
        metadata?: Digest | null;
      };
    }
  | {
      add_key: NewKey;
    }
  | {
      rotate_key: {
        /**
         * Its successor.
         */
        key: NewKey;
        /**
         * The key that ends.
         */
        kid: string;
        /**
         * Blocks for which both are valid, at most [`super::MAX_OVERLAP_BLOCKS`].
         */
        overlap: number;
      };
    }
  | {
      revoke_key: {
        /**
         * The key.
         */
        kid: string;
      };
    }
  | {
      register_source: NewSource;
    }
  | {
      certify_source: {
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      quarantine_source: {
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
      retire_source: {
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      add_source_key: {
        /**
         * The key.
         */
        key: NewKey;
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      rotate_source_key: {
        /**
         * Its successor.
         */
        key: NewKey;
        /**
         * The key that ends.
         */
        kid: string;
        /**
         * Blocks for which both are valid, at most [`super::MAX_OVERLAP_BLOCKS`].
         */
        overlap: number;
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      revoke_source_key: {
        /**
         * The key.
         */
        kid: string;
        /**
         * The source.
         */
        source: string;
      };
    }
  | {
      assign_prefix: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme, e.g. `gs1`, `code`, `handle`.
         */
        scheme: string;
      };
    }
  | {
      transfer_prefix: {
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme.
         */
        scheme: string;
        /**
         * The new owner.
         */
        to: string;
      };
    }
  | {
      offer_prefix: {
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme.
         */
        scheme: string;
        /**
         * The participant; `None` withdraws.
         */
        to?: string | null;
      };
    }
  | {
      accept_prefix: {
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme.
         */
        scheme: string;
      };
    }
  | {
      delegate_prefix: {
        /**
         * The participant.
         */
        delegate: string;
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme.
         */
        scheme: string;
      };
    }
  | {
      undelegate_prefix: {
        /**
         * The participant.
         */
        delegate: string;
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme.
         */
        scheme: string;
      };
    }
  | {
      give_grant: NewGrant;
    }
  | {
      add_envelopes: {
        /**
         * Digests of the envelopes.
         */
        envelopes: Digest[];
        /**
         * The grant.
         */
        grant: number;
      };
    }
  | {
      revoke_grant: {
        /**
         * The grant.
         */
        grant: number;
      };
    }
  | {
      register_service: NewService;
    }
  | {
      move_service: {
        /**
         * Where it is reached from now on.
         */
        endpoint: string;
        /**
         * The service.
         */
        service: string;
      };
    }
  | {
      certify_service: {
        /**
         * The service.
         */
        service: string;
        /**
         * Block time at which the certification ends, seconds since 1970.
         */
        until_s: number;
      };
    }
  | {
      revoke_service: {
        /**
         * The service.
         */
        service: string;
      };
    }
  | {
      propose: {
        /**
         * What is proposed.
         */
        action: GovernedAction;
      };
    }
  | {
      vote: {
        /**
         * The proposal.
         */
        proposal: number;
      };
    }
  | {
      withdraw: {
        /**
         * The proposal.
         */
        proposal: number;
      };
    }
  | {
      execute: {
        /**
         * The proposal.
         */
        proposal: number;
      };
    };
/**
 * Schemes of organisation identifiers.
 */
export type IdentifierScheme = "uscc" | "gln" | "lei" | "bpn" | "pgln";
/**
 * Person, organisation, or a machine that acts for a person (clause 7.1 a).
 */
export type ParticipantKind = "organisation" | "person" | "machine";
/**
 * A hash with the name of its algorithm.
 */
export type Digest = string;
/**
 * What a role allows. Roles are data: a registry can define its own.
 */
export type Permission =
  | "register_class"
  | "issue_codes"
  | "record_events"
  | "inspect_any"
  | "regulate"
  | "witness"
  | "attest"
  | "configure_profiles";
/**
 * Algorithms of keys. Each stored key names its own, so that another one (SM2) is an addition.
 */
export type KeyAlgorithm = "ed25519" | "secp256k1" | "x25519";
/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;
/**
 * What a key may be used for. Transactions are signed by addresses, which bind to participants by themselves.
 */
export type KeyPurpose = "attest" | "code_tail" | "envelope" | "source";
/**
 * Kinds of data sources (clause 6.1). Devices, MES and ERP sign what they report.
 */
export type SourceKind = "plc" | "sensor" | "scanner" | "mes" | "erp" | "manual";
/**
 * What a grant opens. Always the grantor's own data within it.
 */
export type GrantScope =
  | {
      unit: {
        /**
         * Its code.
         */
        code: string;
      };
    }
  | {
      class: {
        /**
         * The class.
         */
        class: string;
      };
    }
  | {
      batch: {
        /**
         * The batch.
         */
        batch: string;
      };
    }
  | {
      event_kind: {
        /**
         * The kind.
         */
        kind: EventKind;
      };
    }
  | {
      project: {
        /**
         * Its number.
         */
        project: string;
      };
    };
/**
 * The seven kinds of clause 7.1 c.
 */
export type EventKind =
  "production" | "quality_inspection" | "inbound" | "outbound" | "transport" | "terminal_market" | "sale";
/**
 * Tiers of data, from what everybody sees to what the regulator alone does.
 */
export type Tier = "public" | "partner" | "authorised" | "regulator";
/**
 * Kinds of services (clauses 5.3 to 5.6).
 */
export type ServiceKind =
  | "capture"
  | "resolver"
  | "query"
  | "preservation"
  | "verification"
  | "forensics"
  | "certification"
  | "analysis"
  | "evaluation"
  | "visualisation"
  | "supervision"
  | "audit"
  | "application";
/**
 * What is decided.
 */
export type GovernedAction =
  | {
      define_role: Role;
    }
  | {
      grant_role: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * The role.
         */
        role: string;
      };
    }
  | {
      withdraw_role: {
        /**
         * The participant.
         */
        participant: string;
        /**
         * The role.
         */
        role: string;
      };
    }
  | {
      reinstate: {
        /**
         * The participant.
         */
        participant: string;
      };
    }
  | {
      assign_prefix: {
        /**
         * First height at which it holds; `None`, or earlier than the execution = from the execution on.
         */
        from_height?: number | null;
        /**
         * The participant.
         */
        participant: string;
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme, e.g. `gs1`, `code`, `handle`.
         */
        scheme: string;
        /**
         * First height at which it no longer holds.
         */
        to_height?: number | null;
      };
    }
  | {
      transfer_prefix: {
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme.
         */
        scheme: string;
        /**
         * The new owner.
         */
        to: string;
      };
    }
  | {
      certify_service: {
        /**
         * The endpoint that is certified: another one is not.
         */
        endpoint: string;
        /**
         * The service.
         */
        service: string;
        /**
         * Block time at which the certification ends, seconds since 1970.
         */
        until_s: number;
      };
    }
  | {
      revoke_service: {
        /**
         * The service.
         */
        service: string;
      };
    }
  | {
      set_governance: {
        /**
         * Addresses that certify.
         */
        certifiers: string[];
        /**
         * Seconds from the last vote needed to the execution.
         */
        delay_s: number;
        /**
         * How many of them must agree.
         */
        threshold: number;
      };
    }
  | {
      migrate: {
        /**
         * The new code.
         */
        code_id: number;
        /**
         * The contract.
         */
        contract: string;
        /**
         * Message to its `migrate` entry point, JSON.
         */
        msg: Binary;
      };
    }
  | {
      update_admin: {
        /**
         * The new admin.
         */
        admin: string;
        /**
         * The contract.
         */
        contract: string;
      };
    }
  | {
      clear_admin: {
        /**
         * The contract.
         */
        contract: string;
      };
    };
/**
 * Reads from the registry. Lists are pages of at most [`crate::page::PAGE_MAX`] entries.
 */
export type QueryMsg =
  | {
      config: {};
    }
  | {
      participant: {
        /**
         * Its id.
         */
        id: string;
      };
    }
  | {
      participants: {
        /**
         * Entries wanted, at most [`crate::page::PAGE_MAX`].
         */
        limit?: number | null;
        /**
         * Last id of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      by_identifier: Identifier;
    }
  | {
      actor: {
        /**
         * The sender.
         */
        address: string;
      };
    }
  | {
      can: {
        /**
         * The participant's id.
         */
        actor: string;
        /**
         * What it wants to do.
         */
        permission: Permission;
        /**
         * Within what, where that matters.
         */
        scope?: CanScope | null;
      };
    }
  | {
      role: {
        /**
         * Its name.
         */
        name: string;
      };
    }
  | {
      roles: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last name of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      key: {
        /**
         * Key id.
         */
        kid: string;
        /**
         * The participant.
         */
        participant: string;
      };
    }
  | {
      keys: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * The participant.
         */
        participant: string;
        /**
         * Last key id of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      keys_at: {
        /**
         * The height.
         */
        height: number;
        /**
         * Keys looked at.
         */
        limit?: number | null;
        /**
         * The participant.
         */
        participant: string;
        /**
         * Keys of this purpose only.
         */
        purpose?: KeyPurpose | null;
        /**
         * `next` of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      attestors: {
        /**
         * The height; `None` = now.
         */
        at_height?: number | null;
        /**
         * Keys looked at.
         */
        limit?: number | null;
        /**
         * `next` of the page before.
         */
        start_after?: AttestorCursor | null;
      };
    }
  | {
      source: {
        /**
         * Its id.
         */
        id: string;
      };
    }
  | {
      sources: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * The owner.
         */
        owner: string;
        /**
         * Last id of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      prefix_owner: {
        /**
         * A number, or a prefix of one.
         */
        number: string;
        /**
         * Scheme.
         */
        scheme: string;
      };
    }
  | {
      prefix_range: {
        /**
         * A number, or a prefix of one.
         */
        number: string;
        /**
         * Scheme.
         */
        scheme: string;
      };
    }
  | {
      prefix: {
        /**
         * The prefix.
         */
        prefix: string;
        /**
         * Scheme.
         */
        scheme: string;
      };
    }
  | {
      prefixes: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Scheme.
         */
        scheme: string;
        /**
         * Last prefix of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      grant: {
        /**
         * Its number.
         */
        id: number;
      };
    }
  | {
      grants_for: {
        /**
         * The grantee.
         */
        grantee: string;
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
      grants_by: {
        /**
         * The grantor.
         */
        grantor: string;
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
      service: {
        /**
         * Its id.
         */
        id: string;
      };
    }
  | {
      services: {
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
      services_of_kind: {
        /**
         * The kind.
         */
        kind: ServiceKind;
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
      services_of: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * The operator.
         */
        owner: string;
        /**
         * Last id of the page before.
         */
        start_after?: string | null;
      };
    }
  | {
      proposal: {
        /**
         * Its number.
         */
        id: number;
      };
    }
  | {
      proposals: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last number of the page before.
         */
        start_before?: number | null;
      };
    }
  | {
      open_proposals: {
        /**
         * Entries wanted.
         */
        limit?: number | null;
        /**
         * Last number of the page before.
         */
        start_after?: number | null;
      };
    };
/**
 * Within what a participant wants to act.
 */
export type CanScope =
  | {
      number: {
        /**
         * The number, or a prefix of one.
         */
        number: string;
        /**
         * Scheme.
         */
        scheme: string;
      };
    }
  | {
      source: {
        /**
         * The source.
         */
        source: string;
      };
    };
export type ActorResponse = Actor | null;
/**
 * `Applied → Active ⇄ Suspended → Revoked`, `Active → Revoked`, or `Applied → Rejected`.
 */
export type ParticipantStatus = "applied" | "active" | "suspended" | "revoked" | "rejected";
export type ByIdentifierResponse = Participant | null;
/**
 * Why a participant may not.
 */
export type Refusal =
  | "unknown_participant"
  | "not_active"
  | "not_permitted"
  | "not_prefix_owner"
  | "unknown_source"
  | "not_source_owner"
  | "source_not_certified"
  | "other_scope";
export type GrantResponse = Grant | null;
export type GrantsByResponse = Grant[];
export type GrantsForResponse = Grant[];
export type KeyResponse = Key | null;
export type KeysResponse = Key[];
/**
 * `Open ⇄ Announced → Executed`, `Open → Withdrawn`; `Open` or `Announced → Expired` by time, `→ Superseded` where the governance changed.
 */
export type ProposalStatus = "open" | "announced" | "executed" | "withdrawn" | "expired" | "superseded";
export type OpenProposalsResponse = Proposal[];
export type ParticipantResponse = Participant | null;
export type ParticipantsResponse = Participant[];
export type PrefixResponse = Prefix | null;
export type PrefixOwnerResponse = string | null;
export type PrefixRangeResponse = PrefixRange | null;
export type PrefixesResponse = Prefix[];
export type ProposalResponse = Proposal | null;
export type ProposalsResponse = Proposal[];
export type RoleResponse = Role | null;
export type RolesResponse = Role[];
export type ServiceResponse = Service | null;
/**
 * `Registered → Certified → Expired`, renewed `Expired → Certified`; from any of them `→ Revoked`.
 */
export type ServiceStatus = "registered" | "certified" | "expired" | "revoked";
export type ServicesResponse = Service[];
export type ServicesOfResponse = Service[];
export type ServicesOfKindResponse = Service[];
export type SourceResponse = Source | null;
/**
 * `Registered → Certified ⇄ Quarantined`, and from any of the three `→ Retired`. Only a certified source may speak (clause 10 a).
 */
export type SourceStatus = "registered" | "certified" | "quarantined" | "retired";
export type SourcesResponse = Source[];

export interface ParticipantRegistryContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  ActorResponse: ActorResponse;
  AttestorsResponse: AttestorsResponse;
  ByIdentifierResponse: ByIdentifierResponse;
  CanResponse: CanResponse;
  ConfigResponse: ConfigResponse;
  GrantResponse: GrantResponse;
  GrantsByResponse: GrantsByResponse;
  GrantsForResponse: GrantsForResponse;
  KeyResponse: KeyResponse;
  KeysResponse: KeysResponse;
  KeysAtResponse: KeysAtResponse;
  OpenProposalsResponse: OpenProposalsResponse;
  ParticipantResponse: ParticipantResponse;
  ParticipantsResponse: ParticipantsResponse;
  PrefixResponse: PrefixResponse;
  PrefixOwnerResponse: PrefixOwnerResponse;
  PrefixRangeResponse: PrefixRangeResponse;
  PrefixesResponse: PrefixesResponse;
  ProposalResponse: ProposalResponse;
  ProposalsResponse: ProposalsResponse;
  RoleResponse: RoleResponse;
  RolesResponse: RolesResponse;
  ServiceResponse: ServiceResponse;
  ServicesResponse: ServicesResponse;
  ServicesOfResponse: ServicesOfResponse;
  ServicesOfKindResponse: ServicesOfKindResponse;
  SourceResponse: SourceResponse;
  SourcesResponse: SourcesResponse;
}
/**
 * Set-up of a registry.
 */
export interface InstantiateMsg {
  /**
   * Sent to each address of a participant when it is certified, so that its account exists and its first transaction works at zero fee. Taken from the registry's own balance.
   */
  account_grant: Coin;
  /**
   * Addresses that certify, 1 to [`super::MAX_CERTIFIERS`].
   */
  certifiers: string[];
  /**
   * Seconds of block time from the last vote needed to the execution of a proposal, at most [`super::MAX_DELAY_S`].
   */
  delay_s?: number;
  /**
   * How many of them must agree, 1 to their number.
   */
  threshold: number;
}
export interface Coin {
  amount: Uint256;
  denom: string;
}
/**
 * A participant as it is registered.
 */
export interface NewParticipant {
  /**
   * The person or organisation that a machine acts for (clause 7.1 a); `None` for the other kinds.
   */
  acts_for?: string | null;
  /**
   * First addresses that act for it, at least one.
   */
  addresses: string[];
  /**
   * Identity id, unique in the registry ([`crate::text::check_id`]). It is public: a person's must be a pseudonym.
   */
  id: string;
  /**
   * Numbers by which others know it.
   */
  identifiers: Identifier[];
  /**
   * Kind of participant.
   */
  kind: ParticipantKind;
  /**
   * Salted commitment to further master data that is kept outside the chain (licences, address, contacts).
   */
  metadata?: Digest | null;
  /**
   * Name in clear for organisations and machines; `None` for persons.
   */
  name?: string | null;
  /**
   * Salted commitment to a person's name; `None` for the other kinds.
   */
  name_commitment?: Digest | null;
  /**
   * System roles asked for; they take effect at certification.
   */
  roles: string[];
}
/**
 * A number that identifies an organisation elsewhere.
 */
export interface Identifier {
  /**
   * Which scheme.
   */
  scheme: IdentifierScheme;
  /**
   * The number in its canonical spelling.
   */
  value: string;
}
/**
 * A role and what it allows.
 */
export interface Role {
  /**
   * Roles whose permissions it has too, ascending; the graph has no cycle (R4).
   */
  inherits?: string[];
  /**
   * Kinds of participants that may hold it; none named = every kind.
   */
  kinds?: ParticipantKind[];
  /**
   * Its name, e.g. `manufacturer`.
   */
  name: string;
  /**
   * What it allows itself, ascending and without repetition.
   */
  permissions: Permission[];
}
/**
 * A key as it is added; valid from the height of its addition or later.
 */
export interface NewKey {
  /**
   * Algorithm.
   */
  algorithm: KeyAlgorithm;
  /**
   * First height of validity; earlier than now means now.
   */
  from_height?: number | null;
  /**
   * Key id, unique for its holder.
   */
  kid: string;
  /**
   * The key.
   */
  public_key: Binary;
  /**
   * Use.
   */
  purpose: KeyPurpose;
  /**
   * End of validity (exclusive).
   */
  to_height?: number | null;
}
/**
 * A data source as it is registered by its owner.
 */
export interface NewSource {
  /**
   * Unique id of the device or system.
   */
  id: string;
  /**
   * Its first key; the purpose must be [`super::KeyPurpose::Source`].
   */
  key: NewKey;
  /**
   * Kind.
   */
  kind: SourceKind;
  /**
   * Process profile that its events follow, where it serves one only.
   */
  profile?: string | null;
}
/**
 * A grant as it is given.
 */
export interface NewGrant {
  /**
   * Digests of the key envelopes handed over.
   */
  envelopes: Digest[];
  /**
   * Block time from which it holds, seconds since 1970; `None`, or earlier than now = now.
   */
  from_s?: number | null;
  /**
   * The participant that may read.
   */
  grantee: string;
  /**
   * For what, in words for the record. Public: no names of persons, customers or prices.
   */
  purpose: string;
  /**
   * What.
   */
  scope: GrantScope;
  /**
   * Up to which tier.
   */
  tier: Tier;
  /**
   * Block time at which it ends; `None` = until revoked.
   */
  until_s?: number | null;
}
/**
 * A service as it is registered by its operator.
 */
export interface NewService {
  /**
   * Where it is reached, in clear: a URI with an encrypted channel (clause 10 b), or one of the own machine.
   */
  endpoint: string;
  /**
   * Unique id.
   */
  id: string;
  /**
   * Kind.
   */
  kind: ServiceKind;
  /**
   * Name for people.
   */
  name: string;
}
/**
 * Where a page of attestors ended.
 */
export interface AttestorCursor {
  /**
   * Key id.
   */
  kid: string;
  /**
   * The participant.
   */
  participant: string;
}
/**
 * Who acts behind an address.
 */
export interface Actor {
  /**
   * Kind.
   */
  kind: ParticipantKind;
  /**
   * The participant's id.
   */
  participant: string;
  /**
   * Union of its roles' permissions, ascending.
   */
  permissions: Permission[];
  /**
   * Where it stands; a machine stands no better than the one that it acts for.
   */
  status: ParticipantStatus;
}
/**
 * Attestors of a page.
 */
export interface AttestorsResponse {
  /**
   * In order of participant and key id.
   */
  attestors: Attestor[];
  /**
   * The last key looked at, where there are more.
   */
  next?: AttestorCursor | null;
}
/**
 * An authentication node's key.
 */
export interface Attestor {
  /**
   * Its key.
   */
  key: Key;
  /**
   * The participant.
   */
  participant: string;
}
/**
 * A public key with its time of validity, in heights.
 */
export interface Key {
  /**
   * Algorithm.
   */
  algorithm: KeyAlgorithm;
  /**
   * First height at which it is valid.
   */
  from_height: number;
  /**
   * Key id, unique for its holder.
   */
  kid: string;
  /**
   * The key.
   */
  public_key: Binary;
  /**
   * Use.
   */
  purpose: KeyPurpose;
  /**
   * Height of revocation. Signatures from before stay valid.
   */
  revoked_at?: number | null;
  /**
   * First height at which it is no longer valid; `None` = until revoked.
   */
  to_height?: number | null;
}
/**
 * A participant as stored, and answered as of the time of the block.
 */
export interface Participant {
  /**
   * The person or organisation that a machine acts for.
   */
  acts_for?: string | null;
  /**
   * Addresses that act for it now.
   */
  addresses: string[];
  /**
   * Height of certification.
   */
  certified_at?: number | null;
  /**
   * Identity id.
   */
  id: string;
  /**
   * Other numbers.
   */
  identifiers: Identifier[];
  /**
   * Kind.
   */
  kind: ParticipantKind;
  /**
   * Salted commitment to further master data that is kept outside the chain.
   */
  metadata?: Digest | null;
  /**
   * Name in clear, `None` for persons.
   */
  name?: string | null;
  /**
   * Commitment to a person's name.
   */
  name_commitment?: Digest | null;
  /**
   * Height of registration.
   */
  registered_at: number;
  /**
   * System roles.
   */
  roles: string[];
  /**
   * Where it stands.
   */
  status: ParticipantStatus;
  /**
   * The last time that it was stopped; it may be over.
   */
  suspension?: Stop | null;
}
/**
 * That a participant or a source was stopped.
 */
export interface Stop {
  /**
   * Address of who stopped it: the certifier that braked, or the one whose vote was the last needed.
   */
  by: string;
  /**
   * Block time at which it was stopped, seconds since 1970.
   */
  since_s: number;
  /**
   * Block time at which it ends by itself; `None` where it needs a decision.
   */
  until_s?: number | null;
}
/**
 * Whether a participant may.
 */
export interface CanResponse {
  /**
   * True where it may.
   */
  allowed: boolean;
  /**
   * The first reason why not.
   */
  reason?: Refusal | null;
}
/**
 * Set-up of a registry as it answers.
 */
export interface ConfigResponse {
  /**
   * Grant to new accounts.
   */
  account_grant: Coin;
  /**
   * Certifying addresses.
   */
  certifiers: string[];
  /**
   * Seconds from the last vote needed to the execution.
   */
  delay_s: number;
  /**
   * Migrations of this contract, oldest first.
   */
  migrations: Migration[];
  /**
   * How often the governance changed.
   */
  round: number;
  /**
   * Votes needed.
   */
  threshold: number;
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
 * A grant as stored.
 */
export interface Grant {
  /**
   * Digests of the key envelopes handed over, oldest first.
   */
  envelopes: Digest[];
  /**
   * Block time from which it holds, seconds since 1970.
   */
  from_s: number;
  /**
   * Height at which it was given.
   */
  given_at: number;
  /**
   * The participant that may read.
   */
  grantee: string;
  /**
   * The participant whose data it opens.
   */
  grantor: string;
  /**
   * Its number in the registry, from 1.
   */
  id: number;
  /**
   * For what.
   */
  purpose: string;
  /**
   * Block time of its revocation. What was read before cannot be unread.
   */
  revoked_at_s?: number | null;
  /**
   * What.
   */
  scope: GrantScope;
  /**
   * Up to which tier.
   */
  tier: Tier;
  /**
   * Block time at which it ends; `None` = until revoked.
   */
  until_s?: number | null;
}
/**
 * Keys of a page.
 */
export interface KeysAtResponse {
  /**
   * Those that are valid.
   */
  keys: Key[];
  /**
   * Last key id looked at, where there are more.
   */
  next?: string | null;
}
/**
 * A proposal as stored, and answered as of the time of the block.
 */
export interface Proposal {
  /**
   * What is proposed.
   */
  action: GovernedAction;
  /**
   * Block time from which it can be executed; `None` until it has the votes.
   */
  executable_at_s?: number | null;
  /**
   * Height at which it was executed.
   */
  executed_at?: number | null;
  /**
   * Block time at which it expires.
   */
  expires_at_s: number;
  /**
   * Its number, from 1.
   */
  id: number;
  /**
   * Height at which it was opened.
   */
  opened_at: number;
  /**
   * Block time at which it was opened, seconds since 1970.
   */
  opened_at_s: number;
  /**
   * The certifier that proposed it.
   */
  proposer: string;
  /**
   * Governance under which it was opened; a change ends it.
   */
  round: number;
  /**
   * Where it stands.
   */
  status: ProposalStatus;
  /**
   * Certifiers that agree, oldest vote first.
   */
  votes: string[];
}
/**
 * A number range as stored.
 */
export interface Prefix {
  /**
   * Participants that may use it, too, ascending.
   */
  delegates: string[];
  /**
   * First height at which it holds.
   */
  from_height: number;
  /**
   * The participant that its owner offers it to.
   */
  offered_to?: string | null;
  /**
   * The participant that it belongs to.
   */
  owner: string;
  /**
   * All numbers of the range begin with this.
   */
  prefix: string;
  /**
   * Scheme, e.g. `gs1`, `code`, `handle`.
   */
  scheme: string;
  /**
   * First height at which it no longer holds; `None` = without end.
   */
  to_height?: number | null;
}
/**
 * A number range as it counts at the height of the answer.
 */
export interface PrefixRange {
  /**
   * Participants that may use it, too, ascending.
   */
  delegates?: string[];
  /**
   * The participant that it belongs to. Empty where the range is reserved: its time has not come, or is over and it was not assigned anew. Nobody uses it then.
   */
  owner: string;
  /**
   * All numbers of the range begin with this.
   */
  prefix: string;
}
/**
 * A service as stored, and answered as of the time of the block.
 */
export interface Service {
  /**
   * Height of the last certification.
   */
  certified_at?: number | null;
  /**
   * Block time at which the certification ends, seconds since 1970.
   */
  certified_until_s?: number | null;
  /**
   * Where it is reached.
   */
  endpoint: string;
  /**
   * Id.
   */
  id: string;
  /**
   * Kind.
   */
  kind: ServiceKind;
  /**
   * Name for people.
   */
  name: string;
  /**
   * The participant that operates it.
   */
  owner: string;
  /**
   * Height of registration.
   */
  registered_at: number;
  /**
   * Where it stands.
   */
  status: ServiceStatus;
}
/**
 * A data source as stored, and answered as of the time of the block.
 */
export interface Source {
  /**
   * Id.
   */
  id: string;
  /**
   * Its keys, oldest first.
   */
  keys: Key[];
  /**
   * Kind.
   */
  kind: SourceKind;
  /**
   * The participant that answers for it.
   */
  owner: string;
  /**
   * Process profile that its events follow, where it serves one only.
   */
  profile?: string | null;
  /**
   * The last time that it was stopped; it may be over.
   */
  quarantine?: Stop | null;
  /**
   * Where it stands.
   */
  status: SourceStatus;
}
