//! What a person declares, as plain data: no I/O, no ids of servers, no places in files.

pub mod chained;
pub mod comparison;
pub mod constant;
pub mod cover;
pub mod destination;
pub mod expression;
pub mod field;
pub mod fingerprint;
pub mod hex;
pub mod json;
pub mod limits;
pub mod monitor;
pub mod name;
pub mod part;
pub mod previous;
pub mod reference;
pub mod resource;
pub mod schedule;
pub mod script;
pub mod secret;
pub mod secret_names;
pub mod selection;
pub mod telling;
