//! A setting from its flag, else from its variable, else from the project file.

use std::path::PathBuf;
use std::str::FromStr;

use super::Environment;
use crate::api::connection::Held;
use crate::error::Usage;
use crate::model::secret::Secret;

/// One setting from up to three places; an empty variable is as good as none.
pub struct Layers<'a> {
    /// The environment, as it was read.
    pub environment: &'a Environment,
}

impl Layers<'_> {
    /// A variable that is set, and not empty.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// A text.
    pub fn text(&self, flag: Option<&String>, name: &str, file: Option<&String>) -> Option<String> {
        flag.cloned().or_else(|| self.variable(name)).or_else(|| file.cloned())
    }

    /// A path.
    pub fn path(&self, flag: Option<&PathBuf>, name: &str, file: Option<&PathBuf>) -> Option<PathBuf> {
        flag.cloned().or_else(|| self.variable(name).map(PathBuf::from)).or_else(|| file.cloned())
    }

    /// What must not be read by anybody: in a file that a flag names, else in a variable, else in a file that a variable or
    /// the project's settings name.
    pub fn held(
        &self,
        flag: Option<&PathBuf>,
        (given, named): (&str, &str),
        file: Option<&PathBuf>,
    ) -> Option<Held> {
        let given = || self.variable(given).map(|text| Held::Given(Secret::new(text)));
        let named = || self.path(None, named, file).map(Held::File);
        flag.cloned().map(Held::File).or_else(given).or_else(named)
    }

    /// A value that is written one way everywhere.
    pub fn parsed<T: FromStr>(&self, flag: Option<T>, name: &str, file: Option<T>) -> Result<Option<T>, Usage>
    where
        T::Err: std::fmt::Display,
    {
        self.read(flag, name, file, |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// A value, and how it is read in a variable.
    pub fn read<T>(
        &self,
        flag: Option<T>,
        name: &str,
        file: Option<T>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Usage> {
        if flag.is_some() {
            return Ok(flag);
        }
        match self.variable(name) {
            None => Ok(file),
            Some(text) => parse(&text).map(Some).map_err(|reason| {
                Usage::new(format!("in `{name}`: {reason}"), "correct or unset the variable")
            }),
        }
    }
}
