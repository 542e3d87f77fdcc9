//! EPCIS 2.0 documents: read strictly, hashed as CBV 2.0 says, told as a story that can be signed and sent.
//!
//! * [`json`], [`fault`] – JSON with the place of everything, so that every refusal says where;
//! * [`context`], [`vocabulary`], [`time`] – what names and values of a document mean;
//! * [`mod@read`] – documents and events, checked; [`event`] – an event in the types of its fields;
//! * [`mod@plan`] – what events do to units, with the traps of real documents; [`mod@tell`] – the plan as a story;
//! * [`hash`] – the event hash, which is an event's id; [`evidence`] – hashes of files, SHA-256 and SHA-3.
#![forbid(unsafe_code)]

pub mod context;
pub mod event;
pub mod evidence;
pub mod fault;
pub mod hash;
pub mod json;
pub mod plan;
pub mod read;
pub mod tell;
pub mod time;
pub mod vocabulary;
