//! A monitor: what it looks at, when, and what it does about it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::json::Json;
use super::name::Name;
use super::schedule::Schedule;

/// A monitor of any type. Sugar such as `query` and `window` is expanded before a value of this type exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// Its name; unique within a project, not in a cluster.
    pub name: Name,
    /// `query_level_monitor` and its siblings, as the server spells them.
    pub monitor_type: MonitorType,
    /// Whether it runs.
    pub enabled: bool,
    /// When it runs.
    pub schedule: Schedule,
    /// What it reads; the server takes at most one.
    pub inputs: Vec<Input>,
    /// What it finds worth telling, in order.
    pub triggers: Vec<Trigger>,
    /// Further fields of the API that the owner may set and that differ from the server's default.
    pub other: BTreeMap<String, Json>,
}

impl Monitor {
    /// Whom its actions tell, in order.
    pub fn told(&self) -> impl Iterator<Item = &Reference> {
        self.triggers.iter().flat_map(|trigger| &trigger.actions).map(|action| &action.destination)
    }
}

/// The type of a monitor, as the server spells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MonitorType(Cow<'static, str>);

impl MonitorType {
    const QUERY_LEVEL: &'static str = "query_level_monitor";

    /// Takes the server's word; the most common one takes no memory.
    pub fn new(text: impl AsRef<str>) -> Self {
        match text.as_ref() {
            Self::QUERY_LEVEL => Self(Cow::Borrowed(Self::QUERY_LEVEL)),
            other => Self(Cow::Owned(other.to_owned())),
        }
    }

    /// The type that a monitor has when nothing is said.
    pub fn query_level() -> Self {
        Self::new(Self::QUERY_LEVEL)
    }

    /// Whether this is the type that a monitor has when nothing is said.
    pub fn is_query_level(&self) -> bool {
        self.0 == Self::QUERY_LEVEL
    }

    /// The server's word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a monitor reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A search over indices.
    Search {
        /// Index names, patterns and aliases, in order.
        indices: Vec<String>,
        /// The search body.
        body: Json,
    },
    /// Any other input as the API spells it, its wrapper included: `{"uri": {…}}`.
    Other(Json),
}

/// A condition, and what is done when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// Its name, unique within the monitor; its id hangs on it.
    pub name: Name,
    /// `1` (highest) to `5` in Dashboards; any text for the server.
    pub severity: String,
    /// The wrapper's word on the wire: `query_level_trigger`.
    pub kind: TriggerKind,
    /// All other fields as the API spells them: `{"condition": {"script": {"source": …}}}`.
    pub body: Json,
    /// What is done, in order.
    pub actions: Vec<Action>,
}

/// What the triggers of a monitor look at, as far as its type is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerForm {
    /// The results as a whole.
    Query,
    /// Each bucket of an aggregation.
    Bucket,
    /// Each document.
    Document,
}

impl TriggerForm {
    /// What the triggers of monitors of this type look at; `None` for a type that is not known.
    pub fn of(monitor_type: &str) -> Option<Self> {
        match monitor_type {
            "query_level_monitor" | "cluster_metrics_monitor" => Some(TriggerForm::Query),
            "bucket_level_monitor" => Some(TriggerForm::Bucket),
            "doc_level_monitor" => Some(TriggerForm::Document),
            _ => None,
        }
    }

    /// Their kind.
    pub fn kind(self) -> TriggerKind {
        match self {
            TriggerForm::Query => TriggerKind::query_level(),
            TriggerForm::Bucket => TriggerKind::new("bucket_level_trigger"),
            TriggerForm::Document => TriggerKind::new("document_level_trigger"),
        }
    }
}

/// The kind of a trigger, as the server's wrapper spells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TriggerKind(Cow<'static, str>);

impl TriggerKind {
    const QUERY_LEVEL: &'static str = "query_level_trigger";

    /// Takes the server's word; the most common one takes no memory.
    pub fn new(text: impl AsRef<str>) -> Self {
        match text.as_ref() {
            Self::QUERY_LEVEL => Self(Cow::Borrowed(Self::QUERY_LEVEL)),
            other => Self(Cow::Owned(other.to_owned())),
        }
    }

    /// The kind of a bare trigger.
    pub fn query_level() -> Self {
        Self::new(Self::QUERY_LEVEL)
    }

    /// Whether this is the kind of a bare trigger.
    pub fn is_query_level(&self) -> bool {
        self.0 == Self::QUERY_LEVEL
    }

    /// The server's word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One message to one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its name, unique within the trigger; its id hangs on it.
    pub name: Name,
    /// Who is told.
    pub destination: Reference,
    /// A Mustache template.
    pub subject: Option<String>,
    /// A Mustache template.
    pub message: String,
    /// How often at most.
    pub throttle: Option<Throttle>,
    /// Further fields of the API, such as `action_execution_policy`; under the name of a template, what it has beside
    /// its source.
    pub other: BTreeMap<String, Json>,
}

/// Whom an action tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// A destination by its name.
    Name(Name),
    /// An id that no name is known for: a destination that is gone, or not to be told from a namesake.
    Id(String),
}

impl Reference {
    /// The id, if that is all that is known.
    pub fn id(&self) -> Option<&str> {
        match self {
            Reference::Id(id) => Some(id),
            Reference::Name(_) => None,
        }
    }
}

/// How often an action may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// At most once in so many minutes.
    pub minutes: u32,
    /// Whether the server heeds it; one that is stored but off does nothing.
    pub enabled: bool,
}
