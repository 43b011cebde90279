//! A setting from its flag, else from what the project file says of the environment, else from its variable, else from what
//! the project file says of all. A variable is one for all environments, and so an environment goes before it.

use std::path::PathBuf;
use std::str::FromStr;

use super::{Process, variable};
use crate::api::connection::Held;
use crate::error::Usage;
use crate::model::secret::Secret;
use crate::source::settings::Settings;

/// One setting from up to four places; an empty variable is as good as none.
pub struct Layers<'a> {
    /// What the project file says of the environment.
    pub environment: &'a Settings,
    /// The variables of the process, as they were read.
    pub process: &'a Process,
    /// What the project file says of all environments.
    pub all: &'a Settings,
}

impl Layers<'_> {
    /// A variable that is set, and not empty.
    pub fn variable(&self, name: &str) -> Option<String> {
        variable(self.process, name).map(str::to_owned)
    }

    /// What the project file alone says.
    pub fn written<T>(&self, see: impl Fn(&Settings) -> Option<T>) -> Option<T> {
        see(self.environment).or_else(|| see(self.all))
    }

    fn found<T>(
        &self,
        flag: Option<T>,
        variable: impl FnOnce() -> Option<T>,
        see: impl Fn(&Settings) -> Option<T>,
    ) -> Option<T> {
        flag.or_else(|| see(self.environment)).or_else(variable).or_else(|| see(self.all))
    }

    /// A text.
    pub fn text(
        &self,
        flag: Option<&String>,
        name: &str,
        see: impl Fn(&Settings) -> Option<&String>,
    ) -> Option<String> {
        self.found(flag.cloned(), || self.variable(name), |settings| see(settings).cloned())
    }

    /// A path.
    pub fn path(
        &self,
        flag: Option<&PathBuf>,
        name: &str,
        see: impl Fn(&Settings) -> Option<&PathBuf>,
    ) -> Option<PathBuf> {
        let variable = || self.variable(name).map(PathBuf::from);
        self.found(flag.cloned(), variable, |settings| see(settings).cloned())
    }

    /// What must not be read by anybody: in a file that a flag names, or a variable, or the project file; a variable may
    /// hold it, too.
    pub fn held(
        &self,
        flag: Option<&PathBuf>,
        (given, named): (&str, &str),
        see: impl Fn(&Settings) -> Option<&Held>,
    ) -> Option<Held> {
        let variable = || {
            let given = self.variable(given).map(|text| Held::Given(Secret::new(text)));
            given.or_else(|| self.variable(named).map(|path| Held::File(PathBuf::from(path))))
        };
        self.found(flag.cloned().map(Held::File), variable, |settings| see(settings).cloned())
    }

    /// A value that is written one way everywhere.
    pub fn parsed<T: FromStr>(
        &self,
        flag: Option<T>,
        name: &str,
        see: impl Fn(&Settings) -> Option<T>,
    ) -> Result<Option<T>, Usage>
    where
        T::Err: std::fmt::Display,
    {
        self.read(flag, name, see, |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    /// A value, and how it is read in a variable.
    pub fn read<T>(
        &self,
        flag: Option<T>,
        name: &str,
        see: impl Fn(&Settings) -> Option<T>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Usage> {
        let first = flag.or_else(|| see(self.environment));
        if first.is_some() {
            return Ok(first);
        }
        match self.variable(name) {
            None => Ok(see(self.all)),
            Some(text) => parse(&text).map(Some).map_err(|reason| {
                Usage::new(format!("in `{name}`: {reason}"), "correct or unset the variable")
            }),
        }
    }
}
