//! The graph from outside: through its entry points, alone and together with the other three contracts.

mod boms;
mod campaigns;
mod codes;
mod custody;
mod gas;
mod histories;
mod model;
mod orders;
mod projects;
mod queries;
mod recalls;
mod rules;
mod stage;
mod verbs;
mod views;
mod voids;
mod world;
mod yard;
