//! What a server makes of a search body, written down once: rewritten, expanded, shortened.
//!
//! The tables (`schema` has their words) are read forwards by `forward` and backwards by `backward`.

mod aggregations;
mod backward;
mod body;
mod bucket;
mod builder;
mod common;
mod composite;
mod compound;
mod corners;
mod filters;
mod flags;
mod forward;
mod full_text;
mod function_score;
mod fuzziness;
mod geo;
mod highlight;
mod histogram;
mod intervals;
mod java;
mod joining;
mod lit;
mod locale;
mod metric;
mod number;
mod order;
mod pipeline;
mod point;
mod queries;
mod range;
mod ranges;
mod refusal;
mod rewriting;
mod schema;
mod script;
mod sort;
mod source;
mod span;
mod special;
mod suggest;
mod term;
mod terms_list;
mod values;
mod weights;
mod well_known;
mod zone;

pub use refusal::Refusal;
pub use rewriting::{body_keys, canonical, expand, is_query, rewrite, shorten};
