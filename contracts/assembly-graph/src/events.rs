//! What this contract tells the outside: one type per event.

use suyuan_contract_kit::TypedEvent;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::{LinkView, Operation, Quality};

/// An operation was carried out.
#[derive(Clone, Debug)]
pub struct Performed<'a> {
    /// Event id.
    pub event_id: &'a str,
    /// Who.
    pub actor: &'a str,
    /// Which verb.
    pub operation: &'static str,
    /// How many units the event names.
    pub units: usize,
}

impl TypedEvent for Performed<'_> {
    const NAME: &'static str = "operation_performed";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("event_id", self.event_id.to_string()),
            ("actor", self.actor.to_string()),
            ("operation", self.operation.to_string()),
            ("units", self.units.to_string()),
        ]
    }
}

/// A unit came into being.
#[derive(Clone, Debug)]
pub struct UnitBorn {
    /// Its code.
    pub code: String,
    /// Its class.
    pub class: String,
    /// Its number.
    pub birth: u64,
    /// Event of its birth.
    pub event_id: String,
}

impl TypedEvent for UnitBorn {
    const NAME: &'static str = "unit_born";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("code", self.code.clone()),
            ("class", self.class.clone()),
            ("birth", self.birth.to_string()),
            ("event_id", self.event_id.clone()),
        ]
    }
}

/// A link was opened.
#[derive(Clone, Debug)]
pub struct LinkOpened<'a>(pub &'a LinkView);

impl TypedEvent for LinkOpened<'_> {
    const NAME: &'static str = "link_opened";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        link_attributes(self.0, Some(&self.0.opened_by))
    }
}

/// A link was closed.
#[derive(Clone, Debug)]
pub struct LinkClosed<'a>(pub &'a LinkView);

impl TypedEvent for LinkClosed<'_> {
    const NAME: &'static str = "link_closed";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        link_attributes(self.0, self.0.closed_by.as_ref())
    }
}

/// A link never was: the event that asserted it was declared wrong, or a dispute was decided against it.
#[derive(Clone, Debug)]
pub struct LinkVoided<'a>(pub &'a LinkView);

impl TypedEvent for LinkVoided<'_> {
    const NAME: &'static str = "link_voided";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        link_attributes(self.0, self.0.closed_by.as_ref())
    }
}

/// One more event asserts a link that holds already.
#[derive(Clone, Debug)]
pub struct LinkWitnessed<'a> {
    /// The link.
    pub link: u64,
    /// Event.
    pub event_id: &'a str,
}

impl TypedEvent for LinkWitnessed<'_> {
    const NAME: &'static str = "link_witnessed";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("link", self.link.to_string()), ("event_id", self.event_id.to_string())]
    }
}

/// An inspection, a rework or a correction changed a unit's quality.
#[derive(Clone, Debug)]
pub struct QualityChanged<'a> {
    /// Its code.
    pub code: &'a str,
    /// The quality now.
    pub quality: Quality,
}

impl TypedEvent for QualityChanged<'_> {
    const NAME: &'static str = "quality_changed";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("code", self.code.to_string()), ("quality", format!("{:?}", self.quality))]
    }
}

/// A unit left as a whole: sold, exported, sampled, scrapped or disposed of.
#[derive(Clone, Debug)]
pub struct UnitLeft<'a> {
    /// Its code.
    pub code: &'a str,
    /// By which verb.
    pub by: &'static str,
}

impl TypedEvent for UnitLeft<'_> {
    const NAME: &'static str = "unit_left";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("code", self.code.to_string()), ("by", self.by.to_string())]
    }
}

/// A unit that had left is there again.
#[derive(Clone, Debug)]
pub struct UnitReturned<'a> {
    /// Its code.
    pub code: &'a str,
}

impl TypedEvent for UnitReturned<'_> {
    const NAME: &'static str = "unit_returned";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("code", self.code.to_string())]
    }
}

/// The birth of a unit was declared wrong.
#[derive(Clone, Debug)]
pub struct UnitVoided<'a> {
    /// Its code.
    pub code: &'a str,
}

impl TypedEvent for UnitVoided<'_> {
    const NAME: &'static str = "unit_voided";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("code", self.code.to_string())]
    }
}

/// What is left of a lot changed other than by a link: scrap, sample, count, correction.
#[derive(Clone, Debug)]
pub struct BalanceMoved<'a> {
    /// Its code.
    pub code: &'a str,
    /// By which verb.
    pub by: &'static str,
    /// What is left; `None` = not known, and then left out.
    pub balance: Option<Amount>,
}

impl TypedEvent for BalanceMoved<'_> {
    const NAME: &'static str = "balance_moved";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        let mut all = vec![("code", self.code.to_string()), ("by", self.by.to_string())];
        all.extend(self.balance.map(|balance| ("balance", balance.to_string())));
        all
    }
}

/// A lot was counted; somebody else has to confirm it.
#[derive(Clone, Debug)]
pub struct CountProposed<'a> {
    /// Its code.
    pub code: &'a str,
    /// What was counted.
    pub counted: Amount,
}

impl TypedEvent for CountProposed<'_> {
    const NAME: &'static str = "count_proposed";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("code", self.code.to_string()), ("counted", self.counted.to_string())]
    }
}

/// A process was fed.
#[derive(Clone, Debug)]
pub struct ProcessFed<'a> {
    /// The process.
    pub process: &'a str,
    /// Number of the feed, from 1.
    pub feed: u64,
}

impl TypedEvent for ProcessFed<'_> {
    const NAME: &'static str = "process_fed";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("process", self.process.to_string()), ("feed", self.feed.to_string())]
    }
}

/// A process yielded units.
#[derive(Clone, Debug)]
pub struct ProcessYielded<'a> {
    /// The process.
    pub process: &'a str,
    /// True where it ended with this.
    pub last: bool,
}

impl TypedEvent for ProcessYielded<'_> {
    const NAME: &'static str = "process_yielded";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("process", self.process.to_string()), ("last", self.last.to_string())]
    }
}

fn link_attributes(link: &LinkView, by: Option<&String>) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("link", link.id.to_string()),
        ("kind", format!("{:?}", link.kind)),
        ("certainty", format!("{:?}", link.certainty)),
        ("parent", link.parent.clone()),
        ("child", link.child.clone()),
    ];
    all.extend(link.quantity.map(|quantity| ("quantity", quantity.to_string())));
    all.extend(by.map(|event| ("event_id", event.clone())));
    all
}

/// A unit was shipped: it is offered to a participant, with all that it contains.
#[derive(Clone, Debug)]
pub struct CustodyOffered<'a> {
    /// Its code.
    pub code: &'a str,
    /// To whom.
    pub to: &'a str,
    /// True where ownership passes, too.
    pub ownership: bool,
}

impl TypedEvent for CustodyOffered<'_> {
    const NAME: &'static str = "custody_offered";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("code", self.code.to_string()),
            ("to", self.to.to_string()),
            ("ownership", self.ownership.to_string()),
        ]
    }
}

/// A unit was received, with all that it contains.
#[derive(Clone, Debug)]
pub struct CustodyTaken<'a> {
    /// Its code.
    pub code: &'a str,
    /// Who holds it now.
    pub custodian: &'a str,
    /// Who owns it now.
    pub owner: &'a str,
}

impl TypedEvent for CustodyTaken<'_> {
    const NAME: &'static str = "custody_taken";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![
            ("code", self.code.to_string()),
            ("custodian", self.custodian.to_string()),
            ("owner", self.owner.to_string()),
        ]
    }
}

/// The event log was wired.
#[derive(Clone, Debug)]
pub struct Wired<'a> {
    /// Its address.
    pub event_log: &'a str,
}

impl TypedEvent for Wired<'_> {
    const NAME: &'static str = "wired";

    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("event_log", self.event_log.to_string())]
    }
}

/// Name of an operation's verb.
pub const fn verb(operation: &Operation) -> &'static str {
    match operation {
        Operation::Observe { .. } => "observe",
        Operation::Commission { .. } => "commission",
        Operation::Transform { .. } => "transform",
        Operation::Assemble { .. } => "assemble",
        Operation::Install { .. } => "install",
        Operation::Remove { .. } => "remove",
        Operation::Replace { .. } => "replace",
        Operation::Pack { .. } => "pack",
        Operation::Unpack { .. } => "unpack",
        Operation::Ship { .. } => "ship",
        Operation::Receive { .. } => "receive",
        Operation::Sell { .. } => "sell",
        Operation::Dispose { .. } => "dispose",
        Operation::Export { .. } => "export",
        Operation::Undo { .. } => "undo",
        Operation::Split { .. } => "split",
        Operation::Merge { .. } => "merge",
        Operation::Relabel { .. } => "relabel",
        Operation::Scrap { .. } => "scrap",
        Operation::Sample { .. } => "sample",
        Operation::Adjust { .. } => "adjust",
        Operation::ConfirmAdjust { .. } => "confirm_adjust",
        Operation::Rework { .. } => "rework",
        Operation::Feed { .. } => "feed",
        Operation::Yield { .. } => "yield",
        Operation::Resolve { .. } => "resolve",
        Operation::Void { .. } => "void",
    }
}
