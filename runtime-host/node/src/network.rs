//! A node whose blocks a CometBFT network makes: this process runs the app, the engine runs beside it as a child.

pub mod ask;
pub mod engine;
pub mod files;
pub mod from_solo;
pub mod metrics;
pub mod node;
pub mod plan;
mod predecessor;
pub mod seam;
pub mod source;
