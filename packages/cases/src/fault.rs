//! What goes wrong in a case: chosen by a flag, told in the story with what the chain must say to it.
//!
//! A fault is no test of its own but a part of the story: somebody tries what must be refused, and the story
//! names the refusal; or something happens that the chain must answer with a state, and the story names it.
//! Whoever plays the story checks both, so that a fault that passes unnoticed stops the play.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use suyuan_trace_api::digest::Digest;

/// A kind of fault. Every case can play each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A source reports an event of which the one before never arrived: refused, or marked until it comes in late.
    MissingUpload,
    /// More is taken from a lot than is left of it.
    WrongQuantity,
    /// A product under a code that nobody issued.
    ForgedCode,
    /// A second product under the copy of a label.
    CopiedCode,
    /// A batch fails an inspection after some of it was built in: it is held, and what holds it is recalled.
    DefectiveBatch,
    /// A product is taken back to the bench, a part replaced, and the product tested again.
    Repair,
    /// Something was recorded that never happened, and is declared wrong; or papers claim what is not so, which is
    /// kept as disputed and settled.
    WrongEvent,
}

impl Fault {
    /// All of them, in the order of the names in a list.
    pub const ALL: [Self; 7] = [
        Self::MissingUpload,
        Self::WrongQuantity,
        Self::ForgedCode,
        Self::CopiedCode,
        Self::DefectiveBatch,
        Self::Repair,
        Self::WrongEvent,
    ];

    /// Its name on a command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingUpload => "missing-upload",
            Self::WrongQuantity => "wrong-quantity",
            Self::ForgedCode => "forged-code",
            Self::CopiedCode => "copied-code",
            Self::DefectiveBatch => "defective-batch",
            Self::Repair => "repair",
            Self::WrongEvent => "wrong-event",
        }
    }

    /// Its name for Chinese readers.
    pub const fn name_zh(self) -> &'static str {
        match self {
            Self::MissingUpload => "漏传数据",
            Self::WrongQuantity => "数量错误",
            Self::ForgedCode => "伪造码",
            Self::CopiedCode => "复制码",
            Self::DefectiveBatch => "批次缺陷",
            Self::Repair => "返修",
            Self::WrongEvent => "误录事件",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let found = Self::ALL.into_iter().find(|fault| fault.name() == text);
        found.ok_or_else(|| UnknownFault(text.to_string()))
    }
}

/// A text that names no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no fault; write none, all, seed:NUMBER, or some of {known} with commas between them", known = known())]
pub struct UnknownFault(String);

fn known() -> String {
    Fault::ALL.map(Fault::name).join(", ")
}

/// The faults of one play.
///
/// Its text form is `none`, `all`, `seed:7` (the faults that a number chooses, the same ones each time) or a list
/// such as `repair,wrong-event`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults(BTreeSet<Fault>);

impl Faults {
    /// Everything goes well.
    pub fn none() -> Self {
        Self::default()
    }

    /// Everything goes wrong that can.
    pub fn all() -> Self {
        Self(Fault::ALL.into())
    }

    /// Those that a seed chooses, each with even odds.
    pub fn from_seed(seed: u64) -> Self {
        let chosen = |fault: &Fault| {
            let bytes: [&[u8]; 3] =
                [b"suyuan/faults/1", &seed.to_be_bytes(), fault.name().as_bytes()];
            Digest::of(&bytes).bytes()[0] & 1 == 1
        };
        Self(Fault::ALL.into_iter().filter(chosen).collect())
    }

    /// True where `fault` happens.
    pub fn has(&self, fault: Fault) -> bool {
        self.0.contains(&fault)
    }

    /// Each of them in order.
    pub fn iter(&self) -> impl Iterator<Item = Fault> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Fault> for Faults {
    fn from_iter<T: IntoIterator<Item = Fault>>(faults: T) -> Self {
        Self(faults.into_iter().collect())
    }
}

impl FromStr for Faults {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        match text {
            "none" => Ok(Self::none()),
            "all" => Ok(Self::all()),
            _ => match text.strip_prefix("seed:") {
                Some(seed) => {
                    let seed = seed.parse().map_err(|_| UnknownFault(text.to_string()))?;
                    Ok(Self::from_seed(seed))
                }
                None => text.split(',').map(|name| name.trim().parse::<Fault>()).collect(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_by_name() {
        let some: Faults = "repair, wrong-event".parse().expect("known names");
        assert_eq!(some, [Fault::Repair, Fault::WrongEvent].into_iter().collect());
        assert_eq!("none".parse(), Ok(Faults::none()));
        assert_eq!("all".parse(), Ok(Faults::all()));
        assert_eq!("fire".parse::<Faults>(), Err(UnknownFault("fire".into())));
        assert!("seed:x".parse::<Faults>().is_err());
    }

    #[test]
    fn a_seed_chooses_the_same_faults_each_time_and_seeds_differ() {
        let chosen: Vec<Faults> = (0..64).map(Faults::from_seed).collect();
        assert_eq!(chosen, (0..64).map(Faults::from_seed).collect::<Vec<_>>());
        for fault in Fault::ALL {
            let times = chosen.iter().filter(|faults| faults.has(fault)).count();
            assert!((10..54).contains(&times), "{fault} in {times} of 64");
        }
    }
}
