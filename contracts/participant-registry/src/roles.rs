//! The roles that every registry starts with, and the rules of the graph of roles (R4).

use suyuan_trace_api::participant::{Permission, Role, MAX_INHERITED, MAX_ROLE_DEPTH};

use crate::error::ContractError;

/// Roles that one registry defines: they are one record, read at every `Actor` query.
pub const MAX_ROLE_DEFINITIONS: usize = 64;

/// The roles of a new registry, in order of name. Certifiers can replace them and define others.
pub fn defaults() -> Vec<Role> {
    use Permission::{
        Attest, ConfigureProfiles, InspectAny, IssueCodes, RecordEvents, RegisterClass, Regulate,
        Witness,
    };
    let role = |name: &str, permissions: &[Permission]| Role {
        name: name.to_owned(),
        permissions: permissions.to_vec(),
        inherits: vec![],
        kinds: vec![],
    };
    vec![
        role("attestor", &[Attest]),
        role("carrier", &[RecordEvents]),
        role("importer", &[RegisterClass, IssueCodes, RecordEvents, Witness]),
        role("inspector", &[RecordEvents, InspectAny]),
        role("manufacturer", &[RegisterClass, IssueCodes, RecordEvents]),
        role("process-engineer", &[ConfigureProfiles]),
        role("regulator", &[RecordEvents, InspectAny, Regulate]),
        role("seller", &[RecordEvents]),
        role("service-platform", &[RecordEvents]),
        role("supplier", &[RegisterClass, IssueCodes, RecordEvents]),
        role("witness", &[RecordEvents, Witness]),
    ]
}

/// The roles with `role` put in, in order of name. Its lists are brought into order, each entry once.
///
/// # Errors
/// [`ContractError::TooMany`], [`ContractError::UnknownRole`], [`ContractError::RoleCycle`],
/// [`ContractError::RoleTooDeep`].
pub fn with(mut roles: Vec<Role>, mut role: Role) -> Result<Vec<Role>, ContractError> {
    role.permissions.sort_unstable();
    role.permissions.dedup();
    role.inherits.sort_unstable();
    role.inherits.dedup();
    role.kinds.sort_unstable_by_key(|kind| *kind as u8);
    role.kinds.dedup();
    bound("inherited roles", role.inherits.len(), MAX_INHERITED)?;
    let name = role.name.clone();
    let inherits = role.inherits.clone();
    match place_or_gap(&roles, &name) {
        Ok(place) => roles[place] = role,
        Err(gap) => roles.insert(gap, role),
    }
    bound("roles of the registry", roles.len(), MAX_ROLE_DEFINITIONS)?;
    if let Some(unknown) = inherits.iter().find(|name| place(&roles, name).is_none()) {
        return Err(ContractError::UnknownRole { role: unknown.clone() });
    }
    check_graph(&roles, name)?;
    Ok(roles)
}

/// The graph of roles is deep as allowed and has no cycle. It had none before `changed` was put in.
fn check_graph(roles: &[Role], changed: String) -> Result<(), ContractError> {
    let edges: Vec<Vec<usize>> = roles
        .iter()
        .map(|role| role.inherits.iter().filter_map(|name| place(roles, name)).collect())
        .collect();
    // The longest way down from each role, one step longer in each round, until nothing changes any more.
    let mut depth = vec![0_usize; roles.len()];
    for _ in 0..=roles.len() {
        let mut grew = false;
        for (from, inherited) in edges.iter().enumerate() {
            let below = inherited.iter().map(|to| depth[*to] + 1).max().unwrap_or(0);
            grew |= below > depth[from];
            depth[from] = depth[from].max(below);
        }
        if !grew {
            return match depth.into_iter().max() {
                Some(deepest) if deepest > MAX_ROLE_DEPTH => {
                    Err(ContractError::RoleTooDeep { role: changed, depth: deepest })
                }
                _ => Ok(()),
            };
        }
    }
    Err(ContractError::RoleCycle { role: changed })
}

fn bound(what: &'static str, found: usize, max: usize) -> Result<(), ContractError> {
    crate::execute::check_number(what, found, max)
}

fn place(roles: &[Role], name: &str) -> Option<usize> {
    place_or_gap(roles, name).ok()
}

fn place_or_gap(roles: &[Role], name: &str) -> Result<usize, usize> {
    roles.binary_search_by(|known| known.name.as_str().cmp(name))
}

/// A role by its name.
pub fn find<'r>(roles: &'r [Role], name: &str) -> Option<&'r Role> {
    place(roles, name).map(|place| &roles[place])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use suyuan_trace_api::participant::permissions_of as union;
    use suyuan_trace_api::participant::ParticipantKind::{Machine, Organisation};

    use super::*;

    fn role(name: &str, permissions: &[Permission], inherits: &[&str]) -> Role {
        Role {
            name: name.into(),
            permissions: permissions.to_vec(),
            inherits: inherits.iter().map(ToString::to_string).collect(),
            kinds: vec![],
        }
    }

    #[test]
    fn the_default_roles_are_sorted_and_so_are_their_permissions() {
        let roles = defaults();
        assert!(roles.windows(2).all(|w| w[0].name < w[1].name));
        for role in roles {
            assert!(role.permissions.windows(2).all(|w| w[0] < w[1]), "{role:?}");
        }
    }

    #[test]
    fn several_roles_add_up() {
        use Permission::{InspectAny, IssueCodes, RecordEvents, RegisterClass};
        let held = ["inspector".to_owned(), "supplier".to_owned(), "nobody".to_owned()];
        assert_eq!(
            union(&defaults(), &held, Organisation),
            [RegisterClass, IssueCodes, RecordEvents, InspectAny]
        );
        assert!(union(&defaults(), &[], Organisation).is_empty());
    }

    #[test]
    fn a_role_has_what_it_inherits_at_any_distance() {
        use Permission::{Attest, RecordEvents, Regulate};
        let mut roles = vec![];
        for new in [
            role("a", &[Attest], &[]),
            role("b", &[RecordEvents], &["a"]),
            role("c", &[Regulate], &["a", "b"]),
        ] {
            roles = with(roles, new).unwrap();
        }
        let of = |name: &str| union(&roles, &[name.to_owned()], Organisation);
        assert_eq!(of("a"), [Attest]);
        assert_eq!(of("b"), [RecordEvents, Attest]);
        assert_eq!(of("c"), [RecordEvents, Regulate, Attest]);
    }

    #[test]
    fn a_role_for_organisations_gives_a_machine_nothing() {
        let mut only = role("a", &[Permission::Attest], &[]);
        only.kinds = vec![Organisation];
        let roles = with(vec![], only).unwrap();
        let held = ["a".to_owned()];
        assert_eq!(union(&roles, &held, Organisation), [Permission::Attest]);
        assert!(union(&roles, &held, Machine).is_empty());
    }

    #[test]
    fn cycles_are_refused_and_so_is_a_chain_that_is_too_long() {
        let mut roles = with(vec![], role("r0", &[], &[])).unwrap();
        for n in 1..=MAX_ROLE_DEPTH {
            let (name, below) = (format!("r{n}"), format!("r{}", n - 1));
            roles = with(roles, role(&name, &[], &[&below])).unwrap();
        }
        assert_eq!(
            with(roles.clone(), role("r9", &[], &["r8"])),
            Err(ContractError::RoleTooDeep { role: "r9".into(), depth: 9 })
        );
        for back in ["r0", "r3", "r8"] {
            assert_eq!(
                with(roles.clone(), role("r0", &[], &[back])),
                Err(ContractError::RoleCycle { role: "r0".into() })
            );
        }
    }

    proptest! {
        /// Whatever is defined in whatever order: what is accepted has no cycle and is not too deep.
        #[test]
        fn accepted_roles_never_form_a_cycle(
            edges in proptest::collection::vec((0usize..12, proptest::collection::vec(0usize..12, 0..4)), 1..40),
        ) {
            let mut roles = vec![];
            for n in 0..12 {
                roles = with(roles, role(&format!("r{n:02}"), &[], &[])).unwrap();
            }
            for (from, to) in edges {
                let names: Vec<String> = to.iter().map(|n| format!("r{n:02}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                if let Ok(next) = with(roles.clone(), role(&format!("r{from:02}"), &[], &names)) {
                    roles = next;
                }
                for start in 0..roles.len() {
                    prop_assert!(longest(&roles, start, 0) <= MAX_ROLE_DEPTH);
                }
            }
        }
    }

    /// Longest way down, by plain recursion that gives up beyond the bound.
    fn longest(roles: &[Role], from: usize, depth: usize) -> usize {
        if depth > MAX_ROLE_DEPTH {
            return depth;
        }
        let below = roles[from].inherits.iter().filter_map(|name| place(roles, name));
        below.map(|to| longest(roles, to, depth + 1)).max().unwrap_or(depth)
    }
}
