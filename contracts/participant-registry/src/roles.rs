//! The roles that every registry starts with. Certifiers can replace them and define others.

use suyuan_trace_api::participant::{Permission, Role};

/// The roles of a new registry, in order of name.
pub fn defaults() -> Vec<Role> {
    use Permission::{InspectAny, IssueCodes, RecordEvents, RegisterClass, Regulate};
    let role = |name: &str, permissions: &[Permission]| Role {
        name: name.to_owned(),
        permissions: permissions.to_vec(),
    };
    vec![
        role("carrier", &[RecordEvents]),
        role("inspector", &[RecordEvents, InspectAny]),
        role("manufacturer", &[RegisterClass, IssueCodes, RecordEvents]),
        role("regulator", &[RecordEvents, InspectAny, Regulate]),
        role("seller", &[RecordEvents]),
        role("service-platform", &[RecordEvents]),
        role("supplier", &[RegisterClass, IssueCodes, RecordEvents]),
    ]
}

/// Permissions of a set of roles, ascending and without repetition. Unknown names allow nothing.
pub fn union(roles: &[Role], held: &[String]) -> Vec<Permission> {
    let mut permissions: Vec<_> = roles
        .iter()
        .filter(|role| held.contains(&role.name))
        .flat_map(|role| role.permissions.iter().copied())
        .collect();
    permissions.sort_unstable();
    permissions.dedup();
    permissions
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let held = ["inspector".to_owned(), "supplier".to_owned(), "nobody".to_owned()];
        use Permission::{InspectAny, IssueCodes, RecordEvents, RegisterClass};
        assert_eq!(
            union(&defaults(), &held),
            [RegisterClass, IssueCodes, RecordEvents, InspectAny]
        );
        assert!(union(&defaults(), &[]).is_empty());
    }
}
