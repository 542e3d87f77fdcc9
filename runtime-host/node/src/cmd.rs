//! One file per command. Each has its arguments and a `run`; what several share is [`act`], [`send`] and [`show`].

pub mod act;
pub mod code;
pub mod demo;
pub mod deploy;
pub mod event;
pub mod exit_codes;
pub mod graph;
pub mod import;
pub mod init;
pub mod keys;
pub mod prove;
pub mod query;
pub mod registry;
pub mod replay;
pub mod send;
pub mod show;
pub mod start;
pub mod status;
pub mod trace;
pub mod trace_tree;
pub mod tx;
pub mod verify;
pub mod version;
pub mod words;
