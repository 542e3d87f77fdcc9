//! What `suyuan demo` plays: the stage (a chain of its own), and one file a story.

pub mod catena_x;
pub mod check;
pub mod robot;
pub mod stage;
