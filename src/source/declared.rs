//! All that the files of a project declare.

use super::finding::Finding;
use super::place::Located;
use crate::model::resource::Resource;

/// All that the files of a project declare.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The resources, ordered by kind and name; no two share both.
    pub resources: Vec<Located<Resource>>,
    /// What is odd and no error, in the order of the files.
    pub warnings: Vec<Finding>,
}
