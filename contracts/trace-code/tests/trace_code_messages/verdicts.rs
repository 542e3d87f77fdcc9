//! What a scan means.

use super::*;

#[test]
fn invented_codes_are_told_from_unknown_and_unused_ones() {
    let (world, generator) = World::with_batch();
    let presented = generator.present(5).unwrap();
    let code = presented.code.clone();
    assert_eq!(world.verdict(&code, Some(presented.clone())), Verdict::NotYetActive);
    assert_eq!(world.verdict(&code, None), Verdict::Unknown);
    let mut forged = presented;
    forged.nonce = HexBinary::from(&[0; 16]);
    assert_eq!(world.verdict(&code, Some(forged)), Verdict::Forged);
    assert_eq!(world.verdict("ACME1", None), Verdict::Forged);
    let stranger = format!("ZZZZ{}", check_character("ZZZZ").unwrap());
    assert_eq!(world.verdict(&stranger, None), Verdict::Unknown);
    // Another code's proof does not help.
    let other = generator.present(6).unwrap();
    assert_eq!(world.verdict(&code, Some(other)), Verdict::Forged);
}

#[test]
fn a_held_code_says_so_and_why() {
    let (mut world, generator, code) = World::with_code();
    world.mark("acme", &code, Overlay::Stolen).unwrap();
    let answer: VerdictAnswer = world.ask(QueryMsg::Verify {
        code: code.clone(),
        presented: Some(generator.present(0).unwrap()),
    });
    assert_eq!(answer.verdict, Verdict::Held);
    assert_eq!(answer.reason, "marked [Stolen]");
    assert_eq!(answer.state.map(|s| s.code), Some(code));
}
