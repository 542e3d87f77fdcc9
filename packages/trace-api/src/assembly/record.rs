//! What is stored of a unit and of a link.
//!
//! A unit's record is split by how often it changes, so that an operation writes little: [`UnitCore`] once,
//! [`UnitState`] when something happens to it, [`Accumulators`] with every event. A link is one record that
//! holds both ends with their codes, so that its canonical bytes follow from it alone.

use super::{
    AlternateId, Certainty, CustodyModel, LinkKind, LinkView, Maker, Quality, MAX_ALTERNATE_IDS,
    MAX_WITNESSES,
};
use crate::accumulator::{Chain, MountainRange, MAX_PEAKS};
use crate::amount::Amount;
use crate::code::Tracking;
use crate::codec::{Corrupt, Reader, Writer};
use crate::digest::HashAlgorithm;

/// A stored thing.
pub trait Record: Sized {
    /// Its bytes.
    fn encode(&self) -> Vec<u8>;
    /// From its bytes.
    ///
    /// # Errors
    /// [`Corrupt`].
    fn decode(bytes: &[u8]) -> Result<Self, Corrupt>;
}

/// What never changes of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitCore {
    /// Trace code.
    pub code: String,
    /// Class.
    pub class: String,
    /// Piece or lot.
    pub tracking: Tracking,
    /// Unit of measure of its class at birth.
    pub uom: Option<String>,
    /// Manufacturer.
    pub maker: Maker,
    /// Who delivered it, where that is not the maker.
    pub supplier: Option<String>,
    /// Inspection lot of incoming goods.
    pub inspection_lot: Option<String>,
    /// Lot or product batch number.
    pub lot_number: Option<String>,
    /// Production line.
    pub line_number: Option<String>,
    /// Production date.
    pub production_date: Option<String>,
    /// End of validity.
    pub expiry_date: Option<String>,
    /// Quantity made; `None` = not known.
    pub produced: Option<Amount>,
    /// Other names.
    pub alternate_ids: Vec<AlternateId>,
    /// Project number.
    pub project: Option<String>,
    /// Order number.
    pub order: Option<String>,
    /// Height of its birth.
    pub born_at: u64,
    /// Event of its birth.
    pub born_by: String,
    /// How a lot is kept apart; `None` exactly for a piece. Stands in the byte that says piece or lot.
    pub custody: Option<CustodyModel>,
}

/// The open certain link in which a unit is the part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The link.
    pub link: u64,
    /// The whole: a unit's number.
    pub parent: u64,
    /// Kind of the link.
    pub kind: LinkKind,
    /// True where ownership goes with the whole: where both had one owner when the part went in.
    pub owner_follows: bool,
}

impl Holder {
    /// True while the part is physically inside: custody goes with the whole, and the whole changes with it. A
    /// thing under its former code is inside of itself under the new one.
    pub fn contains(&self) -> bool {
        matches!(self.kind, LinkKind::Install | LinkKind::Pack | LinkKind::Relabel)
    }
}

/// A shipment under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The participant that may receive.
    pub to: String,
    /// True where ownership passes.
    pub ownership: bool,
}

/// What changes of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitState {
    /// Number of the latest revision.
    pub revision: u32,
    /// Birth of the latest revision.
    pub latest: u64,
    /// Quantity left; `None` = not known.
    pub balance: Option<Amount>,
    /// Whether it has its quality record.
    pub quality: Quality,
    /// True where its code may be past `Applied`: released at birth or by an inspection, and no rework since.
    pub released: bool,
    /// Owner; of a contained unit as of the moment it went in.
    pub owner: String,
    /// Custodian; of a contained unit as of the moment it went in.
    pub custodian: String,
    /// What it is in, or was used up in.
    pub holder: Option<Holder>,
    /// A shipment under way.
    pub offer: Option<Offer>,
    /// The event by which it left or ended, as a whole: sold, exported, sampled, scrapped, disposed of, or its birth
    /// declared wrong. What went into something else has a [`Holder`] instead.
    pub left: Option<String>,
    /// Birth of the latest revision at the moment when it first had its quality record, or needed none: what it was
    /// built of is what it held then.
    pub completed: Option<u64>,
    /// Movements of a lot's balance so far: entries of its ledger.
    pub movements: u64,
    /// Levels of wholes that were ever inside of it, itself not counted. Never shrinks, so that no unit can
    /// ever have more than [`MAX_ANCESTORS`](super::MAX_ANCESTORS) wholes above it.
    pub height: u32,
}

/// The accumulators of a unit. The record begins with the algorithm of its hashes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Accumulators {
    /// Links to its parts.
    pub incoming: Chain,
    /// Links to its wholes.
    pub outgoing: MountainRange,
    /// Its events.
    pub events: MountainRange,
}

/// One end of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The unit's number.
    pub unit: u64,
    /// Birth of the revision.
    pub birth: u64,
    /// Number of the revision.
    pub revision: u32,
    /// The unit's code.
    pub code: String,
}

/// Where the leaf of a step stands in the two accumulators of a link, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Places {
    /// In the chain of the whole.
    pub incoming: u64,
    /// In the range of the part.
    pub outgoing: u64,
}

/// One more event that asserts a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Event.
    pub by: String,
    /// Its leaf.
    pub at: Places,
}

/// How a link ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Birth of the whole's revision that no longer has the part.
    pub birth: u64,
    /// Event.
    pub by: String,
    /// True where the event declared that the link never was.
    pub voided: bool,
    /// Its leaf.
    pub at: Places,
}

/// A link. Its leaves, in this order: opened, any number of witnesses, closed or voided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Kind.
    pub kind: LinkKind,
    /// How sure.
    pub certainty: Certainty,
    /// How much.
    pub quantity: Option<Amount>,
    /// The whole.
    pub parent: End,
    /// The part.
    pub child: End,
    /// Which of the alternatives of its event it belongs to, where it is potential.
    pub group: Option<u8>,
    /// Event that asserts it.
    pub opened_by: String,
    /// Its first leaf.
    pub opened_at: Places,
    /// Further events that assert it, at most [`MAX_WITNESSES`].
    pub witnesses: Vec<Witness>,
    /// How it ended.
    pub closed: Option<Closing>,
}

impl Link {
    /// The link as it answers.
    pub fn view(&self, id: u64) -> LinkView {
        LinkView {
            id,
            kind: self.kind,
            parent: self.parent.code.clone(),
            parent_revision: self.parent.revision,
            child: self.child.code.clone(),
            child_revision: self.child.revision,
            quantity: self.quantity,
            certainty: self.certainty,
            group: self.group,
            opened_by: self.opened_by.clone(),
            closed_by: self.closed.as_ref().map(|c| c.by.clone()),
            voided: self.closed.as_ref().is_some_and(|c| c.voided),
            witnesses: self.witnesses.iter().map(|w| w.by.clone()).collect(),
        }
    }

    /// True where it had ended before the revision `mark` was born.
    pub fn closed_before(&self, mark: u64) -> bool {
        self.closed.as_ref().is_some_and(|c| c.birth < mark)
    }
}

impl Record for UnitCore {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.text(&self.code).text(&self.class);
        w.byte(match (self.tracking, self.custody) {
            (Tracking::Serial, _) => 1,
            (Tracking::Lot, None | Some(CustodyModel::MassBalance)) => 2,
            (Tracking::Lot, Some(CustodyModel::Segregated)) => 3,
            (Tracking::Lot, Some(CustodyModel::Preserved)) => 4,
        });
        w.maybe_text(&self.uom).text(&self.maker.id);
        w.byte(u8::from(self.maker.registered));
        w.maybe_text(&self.supplier).maybe_text(&self.inspection_lot);
        w.maybe_text(&self.lot_number).maybe_text(&self.line_number);
        w.maybe_text(&self.production_date);
        w.maybe_text(&self.expiry_date).maybe_amount(self.produced);
        w.number(self.alternate_ids.len() as u64);
        for id in &self.alternate_ids {
            w.text(&id.scheme).text(&id.value);
        }
        w.maybe_text(&self.project).maybe_text(&self.order);
        w.number(self.born_at).event_id(&self.born_by);
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut r = Reader::new("a unit", bytes);
        let (code, class) = (r.text()?, r.text()?);
        let custody = match r.byte()? {
            1 => None,
            2 => Some(CustodyModel::MassBalance),
            3 => Some(CustodyModel::Segregated),
            4 => Some(CustodyModel::Preserved),
            _ => return Err(r.corrupt()),
        };
        let core = Self {
            code,
            class,
            tracking: if custody.is_some() { Tracking::Lot } else { Tracking::Serial },
            uom: r.maybe_text()?,
            maker: Maker { id: r.text()?, registered: r.flag()? },
            supplier: r.maybe_text()?,
            inspection_lot: r.maybe_text()?,
            lot_number: r.maybe_text()?,
            line_number: r.maybe_text()?,
            production_date: r.maybe_text()?,
            expiry_date: r.maybe_text()?,
            produced: r.maybe_amount()?,
            alternate_ids: r.list(MAX_ALTERNATE_IDS, |r| {
                Ok(AlternateId { scheme: r.text()?, value: r.text()? })
            })?,
            project: r.maybe_text()?,
            order: r.maybe_text()?,
            born_at: r.number()?,
            born_by: r.event_id()?,
            custody,
        };
        r.end()?;
        Ok(core)
    }
}

impl Record for UnitState {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.number(u64::from(self.revision)).number(self.latest);
        w.maybe_amount(self.balance);
        w.byte(quality_tag(self.quality) | if self.released { RELEASED } else { 0 });
        w.text(&self.owner).text(&self.custodian);
        w.option(self.holder.as_ref(), |w, h| {
            w.number(h.link).number(h.parent).byte(kind_tag(h.kind));
            w.byte(u8::from(h.owner_follows))
        });
        w.option(self.offer.as_ref(), |w, o| w.text(&o.to).byte(u8::from(o.ownership)));
        w.option(self.left.as_ref(), |w, by| w.event_id(by));
        w.option(self.completed.as_ref(), |w, birth| w.number(*birth));
        w.number(self.movements);
        w.number(u64::from(self.height));
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut r = Reader::new("a unit's state", bytes);
        let (revision, latest, balance) = (r.small()?, r.number()?, r.maybe_amount()?);
        let record = r.byte()?;
        let state = Self {
            revision,
            latest,
            balance,
            quality: quality(&r, record & !RELEASED)?,
            released: record & RELEASED != 0,
            owner: r.text()?,
            custodian: r.text()?,
            holder: r.option(|r| {
                Ok(Holder {
                    link: r.number()?,
                    parent: r.number()?,
                    kind: kind(r)?,
                    owner_follows: r.flag()?,
                })
            })?,
            offer: r.option(|r| Ok(Offer { to: r.text()?, ownership: r.flag()? }))?,
            left: r.option(Reader::event_id)?,
            completed: r.option(Reader::number)?,
            movements: r.number()?,
            height: r.small()?,
        };
        r.end()?;
        Ok(state)
    }
}

impl Record for Accumulators {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.byte(HashAlgorithm::Sha256 as u8);
        w.number(self.incoming.count).digest(&self.incoming.head);
        for range in [&self.outgoing, &self.events] {
            w.number(range.count);
            for peak in &range.peaks {
                w.digest(peak);
            }
        }
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        fn range(r: &mut Reader<'_>) -> Result<MountainRange, Corrupt> {
            let count = r.number()?;
            let peaks = count.count_ones() as usize;
            debug_assert!(peaks <= MAX_PEAKS, "one peak per bit");
            let peaks = (0..peaks).map(|_| r.digest()).collect::<Result<_, _>>()?;
            Ok(MountainRange { count, peaks })
        }
        let mut r = Reader::new("a unit's accumulators", bytes);
        if r.byte()? != HashAlgorithm::Sha256 as u8 {
            return Err(r.corrupt());
        }
        let all = Self {
            incoming: Chain { count: r.number()?, head: r.digest()? },
            outgoing: range(&mut r)?,
            events: range(&mut r)?,
        };
        r.end()?;
        Ok(all)
    }
}

impl Record for Link {
    fn encode(&self) -> Vec<u8> {
        let mut w = Writer::default();
        w.byte(kind_tag(self.kind)).byte(match self.certainty {
            Certainty::Certain => 1,
            Certainty::Potential => 2,
            Certainty::Disputed => 3,
        });
        w.maybe_amount(self.quantity);
        for end in [&self.parent, &self.child] {
            w.number(end.unit).number(end.birth);
            w.number(u64::from(end.revision)).text(&end.code);
        }
        w.option(self.group.as_ref(), |w, g| w.byte(*g));
        w.event_id(&self.opened_by);
        put_places(&mut w, &self.opened_at);
        w.number(self.witnesses.len() as u64);
        for witness in &self.witnesses {
            put_places(w.event_id(&witness.by), &witness.at);
        }
        w.option(self.closed.as_ref(), |w, c| {
            put_places(w.number(c.birth).event_id(&c.by).byte(u8::from(c.voided)), &c.at)
        });
        w.finish()
    }

    fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut r = Reader::new("a link", bytes);
        let link = Self {
            kind: kind(&mut r)?,
            certainty: match r.byte()? {
                1 => Certainty::Certain,
                2 => Certainty::Potential,
                3 => Certainty::Disputed,
                _ => return Err(r.corrupt()),
            },
            quantity: r.maybe_amount()?,
            parent: end(&mut r)?,
            child: end(&mut r)?,
            group: r.option(Reader::byte)?,
            opened_by: r.event_id()?,
            opened_at: places(&mut r)?,
            witnesses: r
                .list(MAX_WITNESSES, |r| Ok(Witness { by: r.event_id()?, at: places(r)? }))?,
            closed: r.option(|r| {
                Ok(Closing {
                    birth: r.number()?,
                    by: r.event_id()?,
                    voided: r.flag()?,
                    at: places(r)?,
                })
            })?,
        };
        r.end()?;
        Ok(link)
    }
}

fn end(r: &mut Reader<'_>) -> Result<End, Corrupt> {
    Ok(End { unit: r.number()?, birth: r.number()?, revision: r.small()?, code: r.text()? })
}

fn put_places<'w>(w: &'w mut Writer, at: &Places) -> &'w mut Writer {
    w.number(at.incoming).number(at.outgoing)
}

fn places(r: &mut Reader<'_>) -> Result<Places, Corrupt> {
    Ok(Places { incoming: r.number()?, outgoing: r.number()? })
}

/// Bit of [`UnitState::released`] beside the tag of the quality.
const RELEASED: u8 = 0x80;

/// A quality as a byte of a record.
pub const fn quality_tag(quality: Quality) -> u8 {
    match quality {
        Quality::NotNeeded => 1,
        Quality::Pending => 2,
        Quality::Passed => 3,
        Quality::Failed => 4,
        Quality::Witnessed => 5,
    }
}

/// A quality from its byte.
///
/// # Errors
/// [`Corrupt`] for any other byte.
pub fn quality(r: &Reader<'_>, tag: u8) -> Result<Quality, Corrupt> {
    match tag {
        1 => Ok(Quality::NotNeeded),
        2 => Ok(Quality::Pending),
        3 => Ok(Quality::Passed),
        4 => Ok(Quality::Failed),
        5 => Ok(Quality::Witnessed),
        _ => Err(r.corrupt()),
    }
}

const fn kind_tag(kind: LinkKind) -> u8 {
    match kind {
        LinkKind::Consume => 1,
        LinkKind::Install => 2,
        LinkKind::Pack => 3,
        LinkKind::Split => 4,
        LinkKind::Merge => 5,
        LinkKind::Relabel => 6,
    }
}

fn kind(r: &mut Reader<'_>) -> Result<LinkKind, Corrupt> {
    match r.byte()? {
        1 => Ok(LinkKind::Consume),
        2 => Ok(LinkKind::Install),
        3 => Ok(LinkKind::Pack),
        4 => Ok(LinkKind::Split),
        5 => Ok(LinkKind::Merge),
        6 => Ok(LinkKind::Relabel),
        _ => Err(r.corrupt()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    fn check<R: Record + PartialEq + std::fmt::Debug>(record: R) {
        let bytes = record.encode();
        assert_eq!(R::decode(&bytes), Ok(record));
        for cut in 0..bytes.len() {
            assert!(R::decode(&bytes[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn records_round_trip_and_notice_a_cut() {
        check(UnitCore {
            code: "ACME1A7".into(),
            class: "motor".into(),
            tracking: Tracking::Lot,
            uom: Some("KGM".into()),
            maker: Maker { id: "acme".into(), registered: true },
            supplier: Some("dealer".into()),
            inspection_lot: Some("IL-9".into()),
            lot_number: Some("L-1".into()),
            line_number: None,
            production_date: Some("2026-01-02".into()),
            expiry_date: None,
            produced: Amount::from_units(12),
            alternate_ids: vec![AlternateId { scheme: "sgtin".into(), value: "1".into() }],
            project: None,
            order: Some("o1".into()),
            born_at: 7,
            born_by: "ni:///sha-256;x".into(),
            custody: Some(CustodyModel::Preserved),
        });
        check(UnitState {
            revision: 3,
            latest: 400,
            balance: None,
            quality: Quality::Failed,
            released: true,
            owner: "acme".into(),
            custodian: "haul".into(),
            holder: Some(Holder { link: 5, parent: 6, kind: LinkKind::Pack, owner_follows: false }),
            offer: Some(Offer { to: "beta".into(), ownership: true }),
            left: Some("e9".into()),
            completed: Some(390),
            movements: 4,
            height: 2,
        });
        let mut all = Accumulators::default();
        for n in 0u8..5 {
            all.incoming.append(Digest::of(&[&[n]]));
            all.events.append(Digest::of(&[&[n]]));
        }
        assert_eq!(all.encode().first(), Some(&1), "the hash algorithm comes first");
        check(all);
        let end =
            |unit: u64, code: &str| End { unit, birth: unit + 1, revision: 1, code: code.into() };
        let at = |n: u64| Places { incoming: n, outgoing: n + 7 };
        check(Link {
            kind: LinkKind::Install,
            certainty: Certainty::Disputed,
            quantity: Some(Amount::ONE),
            parent: end(9, "P"),
            child: end(2, "C"),
            group: Some(1),
            opened_by: "e1".into(),
            opened_at: at(3),
            witnesses: vec![Witness { by: "e3".into(), at: at(4) }],
            closed: Some(Closing { birth: 12, by: "e2".into(), voided: true, at: at(300) }),
        });
    }
}
