//! Whole stories on the real binary and on nodes inside this process. No mocks, no shared ports.

mod cli_story;
mod house;
mod kill_story;
mod node_story;
