//! How units join a campaign: record, mark, and word to who holds them.

use cosmwasm_std::{Deps, Event, Storage};
use suyuan_contract_kit::TypedEvent as _;
use suyuan_trace_api::assembly::campaign::HolderStatus;
use suyuan_trace_api::code::LifeStep;

use super::events::HolderNotified;
use super::state::{Campaign, Holder, Member, Reach, CAMPAIGNS, HOLDERS, MEMBERS, UNITS};
use super::CampaignError;
use crate::ask::{is_gone, is_markable, lives};
use crate::error::ContractError;
use crate::shelf::{Holding, Shelf};
use crate::state::Config;

/// A unit that may join.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its number.
    pub unit: u64,
    /// Its code.
    pub code: String,
    /// Its class.
    pub class: String,
    holding: Holding,
    gone: bool,
    markable: bool,
}

/// The units behind codes, in the order of the codes, with their lives: one query.
///
/// # Errors
/// [`ContractError::UnknownUnit`].
pub fn candidates(
    deps: Deps<'_>,
    config: &Config,
    codes: &[String],
) -> Result<Vec<Candidate>, ContractError> {
    let shelf = Shelf::new(deps.storage);
    let mut found = vec![];
    for code in codes {
        let unit = shelf
            .unit_by_code(code)?
            .ok_or_else(|| ContractError::UnknownUnit { code: code.clone() })?;
        let holding = shelf.holding(unit)?;
        let root = shelf.core(holding.root)?.code;
        found.push((unit, shelf.core(unit)?.class, holding, root));
    }
    let roots = found.iter().map(|(.., root)| root.clone());
    let asked = roots.chain(codes.iter().cloned());
    let lives = lives(&deps.querier, &config.trace_code, asked)?;
    let life = |code: &str| lives.get(code).expect("asked for above").life;
    let mut all = vec![];
    for ((unit, class, holding, root), code) in found.into_iter().zip(codes) {
        all.push(Candidate {
            unit,
            code: code.clone(),
            class,
            holding,
            gone: is_gone(life(code)) || is_gone(life(&root)),
            markable: is_markable(life(code)),
        });
    }
    Ok(all)
}

/// Units of one message on their way into a campaign.
#[allow(missing_debug_implementations, reason = "storage has none")]
pub struct Joining<'a> {
    storage: &'a mut dyn Storage,
    height: u64,
    id: String,
    campaign: Campaign,
    joined: u64,
    marks: Vec<LifeStep>,
    told: Vec<(String, u64)>,
}

impl<'a> Joining<'a> {
    /// Nobody so far.
    pub fn new(storage: &'a mut dyn Storage, height: u64, id: String, campaign: Campaign) -> Self {
        Self { storage, height, id, campaign, joined: 0, marks: vec![], told: vec![] }
    }

    /// The campaign's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is stored, with those that have joined so far.
    pub fn storage(&self) -> &dyn Storage {
        self.storage
    }

    /// How many joined, or became surer.
    pub const fn joined(&self) -> u64 {
        self.joined
    }

    /// A unit of the campaign.
    ///
    /// # Errors
    /// Storage.
    pub fn member(&self, number: u64) -> Result<Member, ContractError> {
        Ok(MEMBERS.load(self.storage, (&self.id, number))?)
    }

    /// A unit joins. One that is in it already may become surer, or be found to hold a suspect unit from earlier on.
    ///
    /// # Errors
    /// [`CampaignError::AlreadyInCampaign`].
    pub fn add(
        &mut self,
        candidate: Candidate,
        reach: Reach,
        link: Option<u64>,
    ) -> Result<(), ContractError> {
        self.joined = self.joined.saturating_add(1);
        if let Some(number) = UNITS.may_load(self.storage, (candidate.unit, &self.id))? {
            return self.strengthen(number, candidate.code, reach, link);
        }
        let number = self.campaign.members;
        let member = Member {
            unit: candidate.unit,
            reach,
            link,
            marked: candidate.markable,
            joined_at: self.height,
        };
        MEMBERS.save(self.storage, (&self.id, number), &member)?;
        UNITS.save(self.storage, (candidate.unit, &self.id), &number)?;
        let campaign = &mut self.campaign;
        if campaign.settled == campaign.members {
            campaign.settled = campaign.settled.saturating_add(1);
        }
        campaign.members = campaign.members.saturating_add(1);
        campaign.must = campaign.must.saturating_add(u64::from(reach.must.is_some()));
        campaign.gone = campaign.gone.saturating_add(u64::from(candidate.gone));
        if candidate.markable {
            self.marks.push(LifeStep::Mark {
                code: candidate.code,
                overlay: campaign.kind.overlay(),
                problem: self.id.clone(),
                set: true,
            });
        }
        let Holding { owner, custodian, .. } = candidate.holding;
        if owner != custodian {
            self.tell(owner);
        }
        self.tell(custodian);
        Ok(())
    }

    fn strengthen(
        &mut self,
        number: u64,
        code: String,
        reach: Reach,
        link: Option<u64>,
    ) -> Result<(), ContractError> {
        let mut member = self.member(number)?;
        let both = member.reach.or(reach);
        if both == member.reach {
            return Err(CampaignError::AlreadyInCampaign { code, id: self.id.clone() }.into());
        }
        let surer = member.reach.must.is_none() && both.must.is_some();
        if surer {
            member.link = link;
            self.campaign.must = self.campaign.must.saturating_add(1);
        }
        member.reach = both;
        Ok(MEMBERS.save(self.storage, (&self.id, number), &member)?)
    }

    fn tell(&mut self, participant: String) {
        match self.told.binary_search_by(|(known, _)| known.cmp(&participant)) {
            Ok(at) => self.told[at].1 = self.told[at].1.saturating_add(1),
            Err(at) => self.told.insert(at, (participant, 1)),
        }
    }

    /// Writes campaign and holders; gives what to tell the outside, and the marks.
    ///
    /// # Errors
    /// Storage.
    pub fn save(mut self) -> Result<(Vec<Event>, Vec<LifeStep>), ContractError> {
        let mut events = vec![];
        for (participant, units) in std::mem::take(&mut self.told) {
            self.notify(&participant, units)?;
            let notified =
                HolderNotified { campaign: self.id.clone(), participant, units: units.to_string() };
            events.push(notified.into_event());
        }
        CAMPAIGNS.save(self.storage, &self.id, &self.campaign)?;
        Ok((events, self.marks))
    }

    /// A holder is told of further units, whatever it answered for the others.
    fn notify(&mut self, participant: &str, units: u64) -> Result<(), ContractError> {
        let known = HOLDERS.may_load(self.storage, (&self.id, participant))?;
        if known.is_none() {
            self.campaign.holders = self.campaign.holders.saturating_add(1);
        }
        if known.as_ref().is_none_or(|holder| holder.status != HolderStatus::Notified) {
            self.campaign.unanswered = self.campaign.unanswered.saturating_add(1);
        }
        let (before, note) = known.map_or((0, None), |holder| (holder.units, holder.note));
        let holder = Holder {
            status: HolderStatus::Notified,
            units: before.saturating_add(units),
            note,
            changed_at: self.height,
        };
        Ok(HOLDERS.save(self.storage, (&self.id, participant), &holder)?)
    }
}
