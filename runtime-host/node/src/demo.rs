//! What `suyuan demo` plays: the stage (a chain of its own), and one file a story.

pub mod catena_x;
pub mod certificate;
pub mod check;
pub mod power;
pub mod robot;
pub mod show;
pub mod stage;
pub mod supply;
