//! Words of CBV 2.0 in short form, as the event log knows them from its instantiation. They are data on chain:
//! whoever may configure profiles adds words, so that no industry waits for a migration (clauses 12.1 b, 12.2).

use cosmwasm_schema::cw_serde;

/// Words of one field at the most.
pub const MAX_WORDS: u32 = 1024;
/// Words that one message adds at the most.
pub const MAX_NEW_WORDS: usize = 64;
/// Version of a vocabulary that holds the words of CBV 2.0 and no more.
pub const CBV_VERSION: u32 = 1;

/// Business steps of CBV 2.0.
pub const BUSINESS_STEPS: [&str; 41] = [
    "accepting",
    "arriving",
    "assembling",
    "collecting",
    "commissioning",
    "consigning",
    "creating_class_instance",
    "cycle_counting",
    "decommissioning",
    "departing",
    "destroying",
    "disassembling",
    "dispensing",
    "encoding",
    "entering_exiting",
    "holding",
    "inspecting",
    "installing",
    "killing",
    "loading",
    "other",
    "packing",
    "picking",
    "receiving",
    "removing",
    "repackaging",
    "repairing",
    "replacing",
    "reserving",
    "retail_selling",
    "sampling",
    "sensor_reporting",
    "shipping",
    "staging_outbound",
    "stock_taking",
    "stocking",
    "storing",
    "transporting",
    "unloading",
    "unpacking",
    "void_shipping",
];

/// Dispositions of CBV 2.0.
pub const DISPOSITIONS: [&str; 33] = [
    "active",
    "available",
    "completeness_inferred",
    "completeness_verified",
    "conformant",
    "container_closed",
    "container_open",
    "damaged",
    "destroyed",
    "dispensed",
    "disposed",
    "encoded",
    "expired",
    "in_progress",
    "in_transit",
    "inactive",
    "mismatch_class",
    "mismatch_instance",
    "mismatch_quantity",
    "needs_replacement",
    "no_pedigree_match",
    "non_conformant",
    "non_sellable_other",
    "partially_dispensed",
    "recalled",
    "reserved",
    "retail_sold",
    "returned",
    "sellable_accessible",
    "sellable_not_accessible",
    "stolen",
    "unavailable",
    "unknown",
];

/// Business transaction types of CBV 2.0.
pub const BUSINESS_TRANSACTIONS: [&str; 13] = [
    "bol",
    "cert",
    "desadv",
    "inv",
    "pedigree",
    "po",
    "poc",
    "prodorder",
    "recadv",
    "rma",
    "testprd",
    "testres",
    "upevt",
];

/// Source and destination types of CBV 2.0.
pub const PARTIES: [&str; 3] = ["location", "owning_party", "possessing_party"];

/// Fields whose words the vocabulary holds.
#[cw_serde]
#[derive(Copy, Eq, PartialOrd, Ord)]
pub enum WordField {
    /// Business step.
    BusinessStep,
    /// Disposition, momentary or persistent.
    Disposition,
    /// Business transaction type.
    BusinessTransaction,
    /// Source or destination type.
    Party,
}

impl WordField {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::BusinessStep, Self::Disposition, Self::BusinessTransaction, Self::Party];

    /// What CBV 2.0 has for it, in order of the alphabet.
    pub const fn cbv(self) -> &'static [&'static str] {
        match self {
            Self::BusinessStep => &BUSINESS_STEPS,
            Self::Disposition => &DISPOSITIONS,
            Self::BusinessTransaction => &BUSINESS_TRANSACTIONS,
            Self::Party => &PARTIES,
        }
    }
}

/// A word and since when it is known.
#[cw_serde]
#[derive(Eq)]
pub struct Word {
    /// The word.
    pub word: String,
    /// Version of the vocabulary that brought it.
    pub since: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_once_and_in_order() {
        for field in WordField::ALL {
            let words = field.cbv();
            assert!(words.windows(2).all(|pair| pair[0] < pair[1]), "{field:?}");
        }
    }
}
