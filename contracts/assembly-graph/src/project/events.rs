//! What projects tell the outside.

use suyuan_contract_kit::typed_events;

typed_events! {
    /// A project, or its next revision, was defined.
    ProjectDefined = "project_defined" { number, revision, by }
}
