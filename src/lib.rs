//! OpenSearch Alerting as code.
//!
//! Files become [`source`]'s declared resources; the cluster, read through [`api`], becomes live ones; a pure
//! function makes a plan of the two; the same plan value is shown, checked and applied.

pub mod api;
pub mod model;
pub mod sandbox;
pub mod source;
