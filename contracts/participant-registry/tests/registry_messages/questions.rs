//! `Can`: one question for whoever decides on behalf of the registry (clause 5.4 b).

use super::*;

fn ask(world: &World, actor: &str, permission: Permission, scope: Option<CanScope>) -> CanAnswer {
    world.ask(QueryMsg::Can { actor: actor.into(), permission, scope })
}

fn check(
    world: &World,
    actor: &str,
    permission: Permission,
    scope: Option<CanScope>,
    reason: Option<Refusal>,
) {
    let expected = CanAnswer { allowed: reason.is_none(), reason };
    assert_eq!(ask(world, actor, permission, scope), expected);
}

/// clause 5.4 b: by the rules that are set, and with the rule that says no.
#[test]
fn who_may_do_what_is_answered_with_the_reason() {
    use Permission::{IssueCodes, RecordEvents, Regulate};
    let mut world = World::with_acme();
    world.active(organisation("bolt"));
    world
        .decide(ExecuteMsg::AssignPrefix {
            scheme: "code".into(),
            prefix: "AC".into(),
            participant: "acme".into(),
        })
        .unwrap();
    world.send("acme", ExecuteMsg::RegisterSource(source("mes-1"))).unwrap();
    let number =
        |number: &str| Some(CanScope::Number { scheme: "code".into(), number: number.into() });
    let through = |source: &str| Some(CanScope::Source { source: source.into() });

    check(&world, "acme", IssueCodes, None, None);
    check(&world, "nobody", IssueCodes, None, Some(Refusal::UnknownParticipant));
    check(&world, "acme", Regulate, None, Some(Refusal::NotPermitted));
    check(&world, "acme", IssueCodes, number("AC1"), None);
    check(&world, "acme", IssueCodes, number("A"), Some(Refusal::NotPrefixOwner));
    check(&world, "bolt", IssueCodes, number("AC1"), Some(Refusal::NotPrefixOwner));
    check(&world, "bolt", IssueCodes, number("B"), None);
    check(&world, "acme", RecordEvents, number("AC1"), Some(Refusal::OtherScope));
    check(&world, "acme", IssueCodes, through("mes-1"), Some(Refusal::OtherScope));
    check(&world, "acme", RecordEvents, through("mes-9"), Some(Refusal::UnknownSource));
    check(&world, "bolt", RecordEvents, through("mes-1"), Some(Refusal::NotSourceOwner));
    check(&world, "acme", RecordEvents, through("mes-1"), Some(Refusal::SourceNotCertified));
    world.certify_source("c1", "mes-1").unwrap();
    world.certify_source("c2", "mes-1").unwrap();
    check(&world, "acme", RecordEvents, through("mes-1"), None);
    world.suspend("c1", "acme").unwrap();
    check(&world, "acme", IssueCodes, None, Some(Refusal::NotActive));
    world.pass(BRAKE_S);
    check(&world, "acme", IssueCodes, None, None);
}
