//! A made-up history: units, links and events as the contracts keep them, in memory.

use suyuan_trace_api::accumulator::leaf;
use suyuan_trace_api::amount::Amount;
use suyuan_trace_api::assembly::record::{Accumulators, UnitCore, UnitState};
use suyuan_trace_api::assembly::{
    link_step_bytes, unit_event_bytes, Certainty, LinkKind, LinkStep, LinkView, Maker, Operation,
    Quality,
};
use suyuan_trace_api::code::Tracking;
use suyuan_trace_api::digest::Digest;
use suyuan_trace_api::event::{content_digest, NewEvent, StoredEvent};

use suyuan_certificate::format::{LinkOp, OpKind};

/// A unit with everything that it keeps.
#[derive(Clone, Debug)]
pub struct StoryUnit {
    pub number: u64,
    pub core: UnitCore,
    pub state: UnitState,
    pub accumulators: Accumulators,
    /// Steps of links to its parts.
    pub incoming: Vec<LinkOp>,
    /// Steps of links to its wholes.
    pub outgoing: Vec<LinkOp>,
    /// Numbers of its events.
    pub events: Vec<u64>,
}

/// What happened so far.
#[derive(Clone, Debug, Default)]
pub struct Story {
    pub units: Vec<StoryUnit>,
    pub links: Vec<LinkView>,
    pub events: Vec<StoredEvent>,
    births: u64,
}

impl Story {
    /// An event, as yet of no unit; its number.
    pub fn event(&mut self, name: &str) -> u64 {
        let number = self.events.len() as u64 + 1;
        let event: NewEvent = serde_json::from_value(serde_json::json!({
            "event_id": format!("ni:///sha-256;{:064x}?ver=CBV2.0", number * 7919),
            "kind": "production",
            "name": name,
            "epcis_type": "object",
            "action": "observe",
            "business_step": "assembling",
            "disposition": null,
            "event_time_ms": 1_760_000_000_000u64 + number,
            "time_zone": "+08:00",
            "operator": Digest::of(&[name.as_bytes()]),
            "outcome": "done",
            "position": {"cell": "N31E121", "exact": null},
            "business_transactions": [],
            "resources": [],
            "project": null,
            "payload": null,
            "evidence": [],
        }))
        .expect("an event");
        let operation = Operation::Observe { units: vec![format!("\"{name}\" 装配\u{1}")] };
        let content = content_digest(&event, &operation);
        self.events.push(StoredEvent {
            number,
            event,
            operation,
            content,
            actor: "acme".into(),
            source: None,
            id_proved: false,
            declares: None,
            recorded_at: number,
            record_time_ms: 1_760_000_001_000 + number,
        });
        number
    }

    fn stored(&self, event: u64) -> &StoredEvent {
        &self.events[event as usize - 1]
    }

    /// The event names a unit.
    pub fn name(&mut self, event: u64, unit: usize) {
        let stored = self.stored(event);
        let leaf = leaf(&unit_event_bytes(&stored.name(), &stored.record_digest()));
        let unit = &mut self.units[unit];
        if unit.events.last() != Some(&event) {
            unit.accumulators.events.append(leaf);
            unit.events.push(event);
        }
    }

    /// A unit comes into being; its place.
    pub fn birth(&mut self, code: &str, event: u64) -> usize {
        self.births += 3;
        let born_by = self.stored(event).name();
        self.units.push(StoryUnit {
            number: self.births,
            core: UnitCore {
                code: code.into(),
                class: "robot".into(),
                tracking: Tracking::Serial,
                uom: None,
                maker: Maker { id: "acme".into(), registered: true },
                supplier: None,
                inspection_lot: None,
                lot_number: Some("L-1".into()),
                line_number: None,
                production_date: Some("2026-01-02".into()),
                expiry_date: None,
                produced: Some(Amount::ONE),
                alternate_ids: vec![],
                project: None,
                order: Some("o-1".into()),
                born_at: event,
                born_by,
                custody: None,
            },
            state: state(self.births),
            accumulators: Accumulators::default(),
            incoming: vec![],
            outgoing: vec![],
            events: vec![],
        });
        let unit = self.units.len() - 1;
        self.name(event, unit);
        unit
    }

    /// A part goes into a whole; the link's place.
    pub fn link(&mut self, parent: usize, child: usize, event: u64) -> usize {
        self.name(event, parent);
        self.name(event, child);
        self.units[parent].state.revision += 1;
        let link = LinkView {
            id: self.links.len() as u64 + 1,
            kind: LinkKind::Install,
            parent: self.units[parent].core.code.clone(),
            parent_revision: self.units[parent].state.revision,
            child: self.units[child].core.code.clone(),
            child_revision: self.units[child].state.revision,
            quantity: Amount::from_units(2),
            certainty: Certainty::Certain,
            group: None,
            opened_by: self.stored(event).name(),
            closed_by: None,
            voided: false,
            witnesses: vec![],
        };
        self.links.push(link);
        self.step(self.links.len() - 1, OpKind::Opened);
        self.links.len() - 1
    }

    /// A later event says the same of a link, or ends it.
    pub fn go_on(&mut self, link: usize, op: OpKind, event: u64) {
        let by = self.stored(event).name();
        let view = &mut self.links[link];
        match op {
            OpKind::Witnessed => view.witnesses.push(by),
            OpKind::Closed | OpKind::Voided => view.closed_by = Some(by),
            OpKind::Opened => unreachable!("links open once"),
        }
        view.voided = op == OpKind::Voided;
        let (parent, child) = self.ends(link);
        self.name(event, parent);
        self.name(event, child);
        self.step(link, op);
    }

    /// Places of whole and part.
    pub fn ends(&self, link: usize) -> (usize, usize) {
        let place =
            |code: &str| self.units.iter().position(|u| u.core.code == code).expect("a unit");
        (place(&self.links[link].parent), place(&self.links[link].child))
    }

    fn step(&mut self, link: usize, op: OpKind) {
        let view = &self.links[link];
        let closed_by = view.closed_by.as_deref().unwrap_or_default();
        let step = match op {
            OpKind::Opened => LinkStep::Opened,
            OpKind::Witnessed => LinkStep::Witnessed { by: view.witnesses.last().expect("one") },
            OpKind::Closed => LinkStep::Closed { by: closed_by },
            OpKind::Voided => LinkStep::Voided { by: closed_by },
        };
        let leaf = leaf(&link_step_bytes(view, step));
        let step = LinkOp { link: view.id, op };
        let (parent, child) = self.ends(link);
        self.units[parent].accumulators.incoming.append(leaf);
        self.units[parent].incoming.push(step.clone());
        self.units[child].accumulators.outgoing.append(leaf);
        self.units[child].outgoing.push(step);
    }

    /// Six units: a robot of two drives, one of which was replaced; both drives of one lot; a link that was seen
    /// twice and one that was declared never to have been; and a part that went somewhere else.
    pub fn small() -> Self {
        let mut story = Self::default();
        let born = story.event("incoming goods");
        let lot = story.birth("LOT1", born);
        let built = story.event("drives");
        let drive_1 = story.birth("DRIVE1", built);
        let drive_2 = story.birth("DRIVE2", built);
        let spare = story.birth("SPARE3", built);
        for drive in [drive_1, drive_2, spare] {
            story.link(drive, lot, built);
        }
        let assembled = story.event("assembly");
        let robot = story.birth("ROBOT1", assembled);
        let first = story.link(robot, drive_1, assembled);
        let second = story.link(robot, drive_2, assembled);
        let other = story.birth("OTHER1", assembled);
        story.link(other, spare, assembled);
        let seen = story.event("association");
        story.go_on(second, OpKind::Witnessed, seen);
        let wrong = story.event("wrong entry");
        let never = story.link(robot, lot, wrong);
        let replaced = story.event("repair");
        story.go_on(first, OpKind::Closed, replaced);
        let void = story.event("declaration");
        story.go_on(never, OpKind::Voided, void);
        let tested = story.event("factory test");
        story.name(tested, robot);
        story
    }

    /// Some hundred units in levels, each made of up to four of the level below.
    pub fn big() -> Self {
        let mut story = Self::default();
        let mut below: Vec<usize> = vec![];
        let mut links = vec![];
        for (level, width) in [120usize, 60, 30, 12, 1].into_iter().enumerate() {
            let event = story.event(&format!("level {level}"));
            let mut here = vec![];
            for place in 0..width {
                let unit = story.birth(&format!("U{level}X{place}"), event);
                if !below.is_empty() {
                    let own = story.event(&format!("building {level}/{place}"));
                    let parts = below.len().div_ceil(width) + 2;
                    for part in 0..parts.min(below.len()) {
                        let child = below[(place * below.len() / width + part) % below.len()];
                        links.push(story.link(unit, child, own));
                    }
                }
                here.push(unit);
            }
            below = here;
        }
        links.into_iter().for_each(|link| story.later(link));
        story
    }
}

impl Story {
    /// Every now and then a link is seen again, ends, or turns out never to have been.
    fn later(&mut self, link: usize) {
        let ops = [(7, OpKind::Witnessed), (11, OpKind::Closed), (13, OpKind::Voided)];
        for (every, op) in ops {
            if link % every == every - 1 && self.links[link].closed_by.is_none() {
                let event = self.event("later");
                self.go_on(link, op, event);
            }
        }
    }
}

fn state(birth: u64) -> UnitState {
    UnitState {
        revision: 0,
        latest: birth,
        balance: Some(Amount::ONE),
        quality: Quality::Passed,
        released: true,
        owner: "acme".into(),
        custodian: "acme".into(),
        holder: None,
        offer: None,
        left: None,
        height: 0,
        completed: None,
        movements: 0,
    }
}
