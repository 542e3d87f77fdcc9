//! Migration of this contract's own state.

use suyuan_contract_kit::migrate::stamp;
use suyuan_participant_registry::contract::{CONTRACT_NAME, CONTRACT_VERSION};
use suyuan_trace_api::migration::Migration;

use super::*;

#[test]
fn migration_accepts_this_contract_and_refuses_another() {
    let mut world = World::new();
    world.pass(60);
    let response = migrate(world.deps.as_mut(), world.env.clone(), Empty {}).unwrap();
    assert_eq!(kinds(&response), ["migrated"]);
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    let expected = Migration {
        height: world.env.block.height,
        from_version: CONTRACT_VERSION.into(),
        to_version: CONTRACT_VERSION.into(),
    };
    assert_eq!(config.migrations, [expected]);
    stamp(&mut world.deps.storage, "another", "0.0.1").unwrap();
    assert!(migrate(world.deps.as_mut(), world.env.clone(), Empty {}).is_err());
    stamp(&mut world.deps.storage, CONTRACT_NAME, "99.0.0").unwrap();
    assert!(migrate(world.deps.as_mut(), world.env.clone(), Empty {}).is_err());
}

/// State as version 0.1.0 wrote it: ranges were their owner's id, votes had no age, records fewer fields.
#[test]
fn state_of_the_first_version_is_taken_over() {
    let mut world = World::with_acme();
    world.assign("6902", "acme").unwrap();
    let storage = &mut world.deps.storage;
    stamp(storage, CONTRACT_NAME, "0.1.0").unwrap();
    storage.set(b"\x00\x01x\x00\x03gs16901", br#""acme""#);
    storage.set(b"\x00\x01v\x00\x01\x02acme", format!("[{:?}]", address("c1")).as_bytes());
    storage.set(b"r", br#"[{"name":"manufacturer","permissions":["issue_codes"]}]"#);
    let config = String::from_utf8(storage.get(b"c").unwrap()).unwrap();
    let config = config.replace(r#","delay_s":0,"round":0"#, "");
    storage.set(b"c", config.as_bytes());

    migrate(world.deps.as_mut(), world.env.clone(), Empty {}).unwrap();
    assert_eq!(world.prefix_owner("6901").as_deref(), Some("acme"));
    assert_eq!(world.prefix_owner("6902").as_deref(), Some("acme"));
    assert_eq!(world.deps.storage.get(b"\x00\x01v\x00\x01\x02acme"), None);
    let role: Option<Role> = world.ask(QueryMsg::Role { name: "importer".into() });
    assert!(role.unwrap().permissions.contains(&Permission::Witness));
    assert_eq!(world.actor("acme").unwrap().permissions, [Permission::IssueCodes], "kept");
    let config: ConfigAnswer = world.ask(QueryMsg::Config {});
    assert_eq!((config.delay_s, config.round), (0, 0));
    world.revoke("c1", "acme").unwrap();
    world.revoke("c2", "acme").unwrap();
}
