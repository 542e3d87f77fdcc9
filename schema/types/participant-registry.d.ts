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
      add_key: NewKey;
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
    };
/**
 * Schemes of organisation identifiers.
 */
export type IdentifierScheme = "uscc" | "gln" | "lei" | "bpn";
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
export type Permission = "register_class" | "issue_codes" | "record_events" | "inspect_any" | "regulate";
/**
 * Signature algorithms of keys.
 */
export type KeyAlgorithm = "ed25519" | "secp256k1";
/**
 * Binary is a wrapper around Vec<u8> to add base64 de/serialization with serde. It also adds some helper methods to help encode inline.
 *
 * This is only needed as serde-json-{core,wasm} has a horrible encoding for Vec<u8>. See also <https://github.com/CosmWasm/cosmwasm/blob/main/docs/MESSAGE_TYPES.md>.
 */
export type Binary = string;
/**
 * What a key may be used for.
 */
export type KeyPurpose = "attest" | "code_tail" | "envelope" | "source";
/**
 * Kinds of data sources (clause 6.1). Devices, MES and ERP sign what they report.
 */
export type SourceKind = "plc" | "sensor" | "scanner" | "mes" | "erp";
/**
 * Reads from the registry.
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
    };
export type ActorResponse = Actor | null;
/**
 * `Applied → Active ⇄ Suspended → Revoked`, or `Applied → Rejected`.
 */
export type ParticipantStatus = "applied" | "active" | "suspended" | "revoked" | "rejected";
export type ByIdentifierResponse = Participant | null;
export type KeysResponse = Key[];
export type ParticipantResponse = Participant | null;
export type ParticipantsResponse = Participant[];
export type PrefixOwnerResponse = string | null;
export type PrefixRangeResponse = PrefixRange | null;
export type RoleResponse = Role | null;
export type RolesResponse = Role[];
export type SourceResponse = Source | null;
/**
 * `Registered → Certified ⇄ Quarantined → Retired`. Only a certified source may speak (clause 10 a).
 */
export type SourceStatus = "registered" | "certified" | "quarantined" | "retired";
export type SourcesResponse = Source[];

export interface ParticipantRegistryContract {
  InstantiateMsg: InstantiateMsg;
  ExecuteMsg: ExecuteMsg;
  QueryMsg: QueryMsg;
  ActorResponse: ActorResponse;
  ByIdentifierResponse: ByIdentifierResponse;
  ConfigResponse: ConfigResponse;
  KeysResponse: KeysResponse;
  ParticipantResponse: ParticipantResponse;
  ParticipantsResponse: ParticipantsResponse;
  PrefixOwnerResponse: PrefixOwnerResponse;
  PrefixRangeResponse: PrefixRangeResponse;
  RoleResponse: RoleResponse;
  RolesResponse: RolesResponse;
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
   * Addresses that certify, 1 to [`MAX_CERTIFIERS`].
   */
  certifiers: string[];
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
   * First addresses that act for it, at least one.
   */
  addresses: string[];
  /**
   * Identity id, unique in the registry ([`crate::text::check_id`]).
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
   * Its name, e.g. `manufacturer`.
   */
  name: string;
  /**
   * What it allows, ascending and without repetition.
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
   * Its first key; the purpose must be [`KeyPurpose::Source`].
   */
  key: NewKey;
  /**
   * Kind.
   */
  kind: SourceKind;
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
   * Where it stands.
   */
  status: ParticipantStatus;
}
/**
 * A participant as stored.
 */
export interface Participant {
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
   * Votes needed.
   */
  threshold: number;
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
 * A number range as assigned.
 */
export interface PrefixRange {
  /**
   * The participant that it belongs to.
   */
  owner: string;
  /**
   * All numbers of the range begin with this.
   */
  prefix: string;
}
/**
 * A data source as stored.
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
   * Where it stands.
   */
  status: SourceStatus;
}
