//! Proposals: m of n with an announced delay.

use suyuan_participant_registry::governance::{self, Moment, Rules};

use super::*;

fn carrier() -> GovernedAction {
    GovernedAction::DefineRole(role("carrier", &[Permission::Regulate], &[]))
}

fn vote(proposal: u64) -> ExecuteMsg {
    ExecuteMsg::Vote { proposal }
}

fn execute(proposal: u64) -> ExecuteMsg {
    ExecuteMsg::Execute { proposal }
}

fn withdraw(proposal: u64) -> ExecuteMsg {
    ExecuteMsg::Withdraw { proposal }
}

fn permissions(world: &World, role: &str) -> Vec<Permission> {
    let role: Option<Role> = world.ask(QueryMsg::Role { name: role.into() });
    role.unwrap().permissions
}

/// clause 5.7: policy is set by m of n, after a delay that everybody can see.
#[test]
fn a_proposal_is_opened_voted_for_announced_and_executed() {
    let mut world = World::with_delay();
    assert_code(world.propose("acme", carrier()), "NotCertifier");
    let response = world.propose("c1", carrier()).unwrap();
    assert_eq!(kinds(&response), ["proposal_opened", "proposal_voted"]);
    let opened = Decision { proposal: Some(1), executed: false, executable_at_s: None };
    assert_eq!(decision(&response), opened);
    assert_eq!(world.proposal(1).status, ProposalStatus::Open);
    assert_code(world.send("c1", execute(1)), "VotesMissing");
    assert_code(world.send("c1", vote(1)), "AlreadyVoted");
    assert_code(world.send("acme", vote(1)), "NotCertifier");
    assert_code(world.send("c2", vote(7)), "UnknownProposal");

    let response = world.send("c2", vote(1)).unwrap();
    assert_eq!(kinds(&response), ["proposal_voted", "proposal_announced"]);
    let due = world.now_s() + DELAY_S;
    assert_eq!(decision(&response).executable_at_s, Some(due));
    assert_eq!(world.proposal(1).status, ProposalStatus::Announced);
    world.pass(DELAY_S - 1);
    assert_code(world.send("c3", execute(1)), "DelayNotOver");
    assert_code(world.send("acme", execute(1)), "NotCertifier");
    assert_eq!(permissions(&world, "carrier"), [Permission::RecordEvents]);
    world.pass(1);
    let response = world.send("c3", execute(1)).unwrap();
    assert_eq!(kinds(&response), ["proposal_executed", "role_defined"]);
    assert!(decision(&response).executed);
    assert_eq!(permissions(&world, "carrier"), [Permission::Regulate]);
    let done = world.proposal(1);
    assert_eq!(done.status, ProposalStatus::Executed);
    assert_eq!(done.executed_at, Some(world.env.block.height));
    assert_code(world.send("c3", execute(1)), "ProposalOver");
    assert_code(world.send("c3", vote(1)), "ProposalOver");
}

#[test]
fn the_same_action_is_the_same_proposal_however_it_is_sent() {
    let mut world = World::with_delay();
    let grant = ExecuteMsg::GrantRole { participant: "acme".into(), role: "seller".into() };
    let response = world.send("c1", grant.clone()).unwrap();
    assert_eq!(decision(&response).proposal, Some(1));
    assert_code(world.send("c1", grant.clone()), "AlreadyVoted");
    let action = GovernedAction::GrantRole { participant: "acme".into(), role: "seller".into() };
    let response = world.propose("c2", action).unwrap();
    assert_eq!(kinds(&response), ["proposal_voted", "proposal_announced"]);
    assert_eq!(world.proposal(1).votes.len(), 2);
    let another = ExecuteMsg::GrantRole { participant: "acme".into(), role: "carrier".into() };
    assert_eq!(decision(&world.send("c1", another).unwrap()).proposal, Some(2));
}

#[test]
fn one_certifier_without_delay_decides_at_once_and_leaves_no_proposal() {
    let mut world = World::blank();
    world.init(setup(&["c1"], 1)).unwrap();
    world.send("c1", ExecuteMsg::Register(acme())).unwrap();
    let grant = ExecuteMsg::GrantRole { participant: "acme".into(), role: "seller".into() };
    let response = world.send("c1", grant).unwrap();
    assert_eq!(kinds(&response), ["role_granted"]);
    let at_once = Decision { proposal: None, executed: true, executable_at_s: None };
    assert_eq!(decision(&response), at_once);
    let all: Vec<Proposal> = world.ask(QueryMsg::Proposals { start_before: None, limit: None });
    assert!(all.is_empty());
}

#[test]
fn one_certifier_with_a_delay_announces_all_the_same() {
    let mut world = World::blank();
    world.init(InstantiateMsg { delay_s: DELAY_S, ..setup(&["c1"], 1) }).unwrap();
    let response = world.propose("c1", carrier()).unwrap();
    assert_eq!(kinds(&response), ["proposal_opened", "proposal_voted", "proposal_announced"]);
    assert_code(world.send("c1", execute(1)), "DelayNotOver");
    world.pass(DELAY_S);
    world.send("c1", execute(1)).unwrap();
}

#[test]
fn a_vote_taken_back_voids_the_announcement_only_where_votes_are_missing() {
    let mut world = World::with_delay();
    world.propose("c1", carrier()).unwrap();
    world.send("c2", vote(1)).unwrap();
    world.send("c3", vote(1)).unwrap();
    let due = world.proposal(1).executable_at_s;
    world.pass(DELAY_S);
    // The proposer alone cannot stop what two others want.
    assert_eq!(kinds(&world.send("c1", withdraw(1)).unwrap()), ["vote_withdrawn"]);
    assert_eq!(world.proposal(1).executable_at_s, due);
    assert_code(world.send("c1", withdraw(1)), "NotVoted");
    world.send("c2", withdraw(1)).unwrap();
    assert_eq!(world.proposal(1).status, ProposalStatus::Open);
    assert_code(world.send("c3", execute(1)), "VotesMissing");
    world.send("c1", vote(1)).unwrap();
    assert_code(world.send("c3", execute(1)), "DelayNotOver");
    world.send("c1", withdraw(1)).unwrap();
    let response = world.send("c3", withdraw(1)).unwrap();
    assert_eq!(kinds(&response), ["vote_withdrawn", "proposal_withdrawn"]);
    assert_eq!(world.proposal(1).status, ProposalStatus::Withdrawn);
    assert_code(world.send("c3", vote(1)), "ProposalOver");
}

#[test]
fn proposals_expire_before_and_after_their_announcement() {
    let mut world = World::with_delay();
    world.propose("c1", carrier()).unwrap();
    world.pass(PROPOSAL_AGE_S);
    assert_eq!(world.proposal(1).status, ProposalStatus::Expired);
    assert_code(world.send("c2", vote(1)), "ProposalOver");
    world.propose("c2", carrier()).unwrap();
    world.send("c1", vote(2)).unwrap();
    world.pass(DELAY_S + PROPOSAL_AGE_S);
    assert_eq!(world.proposal(2).status, ProposalStatus::Expired);
    assert_code(world.send("c1", execute(2)), "ProposalOver");
    let open: Vec<Proposal> = world.ask(QueryMsg::OpenProposals { start_after: None, limit: None });
    assert!(open.is_empty());
}

#[test]
fn nobody_fills_the_place_of_others_with_proposals() {
    let mut world = World::with_delay();
    let define = |n: usize| GovernedAction::DefineRole(role(&format!("r{n}"), &[], &[]));
    for n in 0..MAX_OPEN_PER_CERTIFIER {
        world.propose("c1", define(n)).unwrap();
    }
    assert_code(world.propose("c1", define(99)), "TooMany");
    world.propose("c2", define(99)).unwrap();
    world.send("c1", withdraw(1)).unwrap();
    world.propose("c1", define(100)).unwrap();
    let page = |start_after| -> Vec<u64> {
        let open: Vec<Proposal> =
            world.ask(QueryMsg::OpenProposals { start_after, limit: Some(3) });
        open.into_iter().map(|p| p.id).collect()
    };
    assert_eq!(page(None), [2, 3, 4]);
    assert_eq!(page(Some(4)), [5, 6]);
    let newest: Vec<Proposal> =
        world.ask(QueryMsg::Proposals { start_before: Some(6), limit: Some(2) });
    assert_eq!(newest.iter().map(|p| p.id).collect::<Vec<_>>(), [5, 4]);
    world.pass(PROPOSAL_AGE_S);
    world.propose("c1", define(101)).unwrap();
}

/// clause 5.7: who administers is itself under administration.
#[test]
fn a_change_of_the_governance_ends_all_that_was_open() {
    let mut world = World::with_delay();
    world.propose("c1", carrier()).unwrap();
    let set = |certifiers: &[&str], threshold, delay_s| GovernedAction::SetGovernance {
        certifiers: certifiers.iter().map(|c| address(c)).collect(),
        threshold,
        delay_s,
    };
    assert_code(world.propose("c1", set(&["c2"], 2, 0)), "BadThreshold");
    assert_code(world.propose("c1", set(&["c2", "c2"], 1, 0)), "RepeatedCertifier");
    assert_code(world.propose("c1", set(&["c2"], 1, u64::MAX)), "BadDelay");
    world.propose("c1", set(&["c2", "c4"], 1, 0)).unwrap();
    world.send("c2", vote(2)).unwrap();
    world.pass(DELAY_S);
    let response = world.send("c2", execute(2)).unwrap();
    assert_eq!(kinds(&response), ["proposal_executed", "governance_set"]);
    assert_eq!(world.proposal(1).status, ProposalStatus::Superseded);
    assert_eq!(world.proposal(2).status, ProposalStatus::Executed);
    assert_code(world.send("c2", vote(1)), "ProposalOver");
    assert_code(world.propose("c1", carrier()), "NotCertifier");
    world.propose("c4", carrier()).unwrap();
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    assert_eq!((config.threshold, config.delay_s, config.round), (1, 0, 1));
}

#[test]
fn what_became_impossible_since_it_was_proposed_does_not_happen() {
    let mut world = World::with_delay();
    let grant = GovernedAction::GrantRole { participant: "acme".into(), role: "seller".into() };
    world.propose("c1", grant.clone()).unwrap();
    world.send("c2", vote(1)).unwrap();
    world.revoke("c1", "acme").unwrap();
    world.revoke("c2", "acme").unwrap();
    world.pass(DELAY_S);
    assert_code(world.send("c1", execute(1)), "Final");
    assert_eq!(world.proposal(1).status, ProposalStatus::Announced, "and may be tried again");
    assert_code(world.propose("c3", grant), "Final");
}

#[test]
fn votes_of_former_certifiers_and_old_votes_do_not_count() {
    let mut world = World::with_acme();
    world.revoke("c1", "acme").unwrap();
    world.pass(PROPOSAL_AGE_S);
    world.revoke("c2", "acme").unwrap();
    assert_eq!(world.participant("acme").status, ParticipantStatus::Active, "c1's is too old");
    let set = GovernedAction::SetGovernance {
        certifiers: ["c1", "c3"].iter().map(|c| address(c)).collect(),
        threshold: 2,
        delay_s: 0,
    };
    world.propose("c1", set.clone()).unwrap();
    world.propose("c3", set).unwrap();
    world.revoke("c1", "acme").unwrap();
    assert_eq!(world.participant("acme").status, ParticipantStatus::Active, "c2 left");
    world.revoke("c3", "acme").unwrap();
    assert_eq!(world.participant("acme").status, ParticipantStatus::Revoked);
}

/// Every power over others, by one key of three, with two needed.
#[test]
fn no_single_key_decides_anything() {
    let mut world = World::with_delay();
    world.active(organisation("bolt"));
    world.send("acme", ExecuteMsg::RegisterService(service("s-1"))).unwrap();
    let id = || String::from("acme");
    let text = |text: &str| text.to_owned();
    let contract = || address("contract");
    let until_s = world.now_s() + DELAY_S * 10;
    let endpoint = service("s-1").endpoint;
    let msg = Binary::from(b"{}");
    let actions = [
        GovernedAction::DefineRole(role("king", &[Permission::Regulate], &[])),
        GovernedAction::GrantRole { participant: id(), role: text("regulator") },
        GovernedAction::WithdrawRole { participant: id(), role: text("manufacturer") },
        GovernedAction::AssignPrefix {
            scheme: text("gs1"),
            prefix: text("6901"),
            participant: id(),
            from_height: None,
            to_height: None,
        },
        GovernedAction::CertifyService { service: text("s-1"), endpoint, until_s },
        GovernedAction::RevokeService { service: text("s-1") },
        GovernedAction::SetGovernance { certifiers: vec![address("c1")], threshold: 1, delay_s: 0 },
        GovernedAction::Migrate { contract: contract(), code_id: 7, msg },
        GovernedAction::UpdateAdmin { contract: contract(), admin: address("c1") },
        GovernedAction::ClearAdmin { contract: contract() },
    ];
    for (n, action) in (1_u64..).zip(actions) {
        let response = world.propose("c1", action).unwrap();
        assert!(response.messages.is_empty(), "nothing is sent");
        assert_eq!(kinds(&response), ["proposal_opened", "proposal_voted"]);
        world.pass(DELAY_S);
        assert_code(world.send("c1", vote(n)), "AlreadyVoted");
        assert_code(world.send("c1", execute(n)), "VotesMissing");
        world.send("c1", withdraw(n)).unwrap();
    }
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    assert_eq!((config.threshold, config.round), (2, 0));
    assert_eq!(world.participant("acme").roles, ["manufacturer"]);
    assert_eq!(world.prefix_owner("6901"), None);
}

fn service(id: &str) -> NewService {
    NewService {
        id: id.into(),
        kind: ServiceKind::Resolver,
        name: "标识解析".into(),
        endpoint: "https://resolver.example.cn".into(),
    }
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Vote(usize),
    Withdraw(usize),
    Execute,
    Pass(u64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        (0usize..5).prop_map(Move::Vote),
        (0usize..5).prop_map(Move::Withdraw),
        Just(Move::Execute),
        (0u64..400_000).prop_map(Move::Pass),
    ];
    proptest::collection::vec(one, 0..40)
}

proptest! {
    /// Against a plain model: the time since when enough certifiers agree without interruption.
    #[test]
    fn executed_means_enough_votes_for_the_whole_delay(
        threshold in 1u32..=5, delay_s in 0u64..1_000_000, moves in moves(),
    ) {
        let rules = Rules { threshold, delay_s, round: 3 };
        let mut now = Moment { height: 1, time_s: 1_000 };
        let mut proposal = governance::open(1, carrier(), "c0".into(), rules, now);
        let mut agree = std::collections::BTreeSet::new();
        let mut since: Option<u64> = None;
        let mut executed = false;
        for step in moves {
            governance::settle(&mut proposal, rules.round, now.time_s);
            let pending = governance::is_pending(&proposal);
            match step {
                Move::Pass(seconds) => now.time_s += seconds,
                Move::Vote(n) => {
                    let vote = governance::vote(&mut proposal, &format!("c{n}"), rules, now.time_s);
                    prop_assert_eq!(vote.is_ok(), pending && agree.insert(n));
                }
                Move::Withdraw(n) => {
                    let back = governance::withdraw(&mut proposal, &format!("c{n}"), rules, now.time_s);
                    prop_assert_eq!(back.is_ok(), pending && agree.remove(&n));
                }
                Move::Execute => {
                    let due = since.is_some_and(|since| now.time_s >= since + delay_s);
                    let done = governance::execute(&mut proposal, rules, now).is_ok();
                    prop_assert_eq!(done, pending && due);
                    executed |= done;
                }
            }
            let enough = agree.len() >= threshold as usize;
            since = enough.then(|| since.unwrap_or(now.time_s));
            prop_assert_eq!(proposal.status == ProposalStatus::Executed, executed);
            prop_assert_eq!(proposal.votes.len(), agree.len());
        }
        // Another governance ends it, unless it is done or was taken back before.
        let pending = governance::is_pending(&proposal);
        governance::settle(&mut proposal, rules.round + 1, now.time_s);
        prop_assert_eq!(proposal.status == ProposalStatus::Superseded, pending);
    }
}
