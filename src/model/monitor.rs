//! A monitor: what it looks at, when, and what it does about it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::chained::{self, Piece};
use super::json::Json;
use super::name::Name;
use super::reference::{Refer, Reference};
use super::resource::{Key, Kind};
use super::schedule::Schedule;

/// A monitor of any type, or a workflow, which to a server is much the same: it runs by a schedule and has triggers with
/// actions, but looks at the alerts of other monitors. Sugar such as `query` and `window` is expanded before a value of this type exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// Its name; unique within a project, not in a cluster.
    pub name: Name,
    /// `query_level_monitor` and its siblings, as the server spells them; `composite` is a workflow.
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
    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        Key { kind: self.kind(), name: self.name.clone() }
    }

    /// What it is: a workflow when it runs other monitors.
    pub fn kind(&self) -> Kind {
        match self.inputs.as_slice() {
            [Input::Composite(_)] => Kind::Workflow,
            _ => Kind::Monitor,
        }
    }

    /// Whom its actions tell, in order.
    pub fn told(&self) -> impl Iterator<Item = &Reference> {
        self.triggers.iter().flat_map(|trigger| &trigger.actions).map(|action| &action.destination)
    }
}

impl Refer for Monitor {
    fn each_reference(&self, on_reference: &mut dyn FnMut(Kind, &Reference)) {
        self.told().for_each(|told| on_reference(Kind::Destination, told));
        for delegate in self.inputs.iter().flat_map(Input::delegates) {
            on_reference(Kind::Monitor, &delegate.monitor);
            delegate.findings.iter().for_each(|monitor| on_reference(Kind::Monitor, monitor));
        }
        for source in self.triggers.iter().filter_map(Trigger::chained_condition) {
            for piece in chained::pieces(&source) {
                if let Piece::Monitor(monitor) = piece {
                    on_reference(Kind::Monitor, &monitor);
                }
            }
        }
    }

    fn each_reference_mut(&mut self, on_reference: &mut dyn FnMut(Kind, &mut Reference)) {
        let actions = self.triggers.iter_mut().flat_map(|trigger| &mut trigger.actions);
        actions.for_each(|action| on_reference(Kind::Destination, &mut action.destination));
        for delegate in self.inputs.iter_mut().flat_map(Input::delegates_mut) {
            on_reference(Kind::Monitor, &mut delegate.monitor);
            delegate.findings.iter_mut().for_each(|monitor| on_reference(Kind::Monitor, monitor));
        }
        for trigger in &mut self.triggers {
            let Some(source) = trigger.chained_condition() else { continue };
            let mut pieces = chained::pieces(&source);
            for piece in &mut pieces {
                if let Piece::Monitor(monitor) = piece {
                    on_reference(Kind::Monitor, monitor);
                }
            }
            trigger.set_condition(&chained::joined(&pieces));
        }
    }
}

/// The type of a monitor, as the server spells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MonitorType(Cow<'static, str>);

impl MonitorType {
    const QUERY_LEVEL: &'static str = "query_level_monitor";

    /// The type of all workflows.
    pub const COMPOSITE: &'static str = "composite";

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

    /// The type of all workflows.
    pub fn composite() -> Self {
        Self::new(Self::COMPOSITE)
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
    /// The monitors that a workflow runs, in order.
    Composite(Vec<Delegate>),
    /// Any other input as the API spells it, its wrapper included: `{"uri": {…}}`.
    Other(Json),
}

impl Input {
    /// The monitors that it runs.
    pub fn delegates(&self) -> &[Delegate] {
        match self {
            Input::Composite(delegates) => delegates,
            Input::Search { .. } | Input::Other(_) => &[],
        }
    }

    /// The indices that it searches.
    pub fn indices(&self) -> &[String] {
        match self {
            Input::Search { indices, body: _ } => indices,
            Input::Composite(_) | Input::Other(_) => &[],
        }
    }

    /// The monitors that it runs, to be changed.
    pub fn delegates_mut(&mut self) -> &mut [Delegate] {
        match self {
            Input::Composite(delegates) => delegates,
            Input::Search { .. } | Input::Other(_) => &mut [],
        }
    }
}

/// A monitor that a workflow runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    /// Which.
    pub monitor: Reference,
    /// Those before it whose findings it looks at; at all documents when there are none.
    pub findings: Vec<Reference>,
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

impl Trigger {
    /// The script of its condition, where it has one of its own.
    pub fn script(&self) -> Option<String> {
        self.body.value().pointer(SOURCE)?.as_str().map(str::to_owned)
    }

    /// Whether both are one trigger, before and after a change: alerts hang on its name and its kind.
    pub fn is_same_trigger(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind
    }

    /// The condition, if it speaks of the alerts of monitors.
    pub fn chained_condition(&self) -> Option<String> {
        if self.kind.as_str() == TriggerKind::CHAINED { self.script() } else { None }
    }

    fn set_condition(&mut self, source: &str) {
        let mut body = self.body.value();
        if let Some(value) = body.pointer_mut(SOURCE) {
            *value = source.into();
        }
        self.body = Json::of(&body);
    }
}

/// Where the source of a condition stands in the body of a trigger.
const SOURCE: &str = "/condition/script/source";

/// What the triggers of a monitor look at, as far as its type is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TriggerForm {
    /// The results as a whole.
    Query,
    /// Each bucket of an aggregation.
    Bucket,
    /// Each document.
    Document,
    /// The alerts of the monitors that a workflow runs.
    Chained,
    /// The rows that a query in PPL finds.
    Ppl,
}

impl TriggerForm {
    /// What the triggers of monitors of this type look at; `None` for a type that is not known.
    pub fn of(monitor_type: &str) -> Option<Self> {
        match monitor_type {
            "query_level_monitor" | "cluster_metrics_monitor" => Some(TriggerForm::Query),
            "bucket_level_monitor" => Some(TriggerForm::Bucket),
            "doc_level_monitor" => Some(TriggerForm::Document),
            "ppl_monitor" => Some(TriggerForm::Ppl),
            MonitorType::COMPOSITE => Some(TriggerForm::Chained),
            _ => None,
        }
    }

    /// What triggers of a kind look at; `None` for a kind that is not known.
    pub fn of_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == kind)
    }

    /// Their kind.
    pub fn kind(self) -> TriggerKind {
        TriggerKind::new(self.word())
    }

    const ALL: [TriggerForm; 5] = [
        TriggerForm::Query,
        TriggerForm::Bucket,
        TriggerForm::Document,
        TriggerForm::Chained,
        TriggerForm::Ppl,
    ];

    fn word(self) -> &'static str {
        match self {
            TriggerForm::Query => TriggerKind::QUERY_LEVEL,
            TriggerForm::Bucket => "bucket_level_trigger",
            TriggerForm::Document => "document_level_trigger",
            TriggerForm::Chained => TriggerKind::CHAINED,
            TriggerForm::Ppl => "ppl_trigger",
        }
    }
}

/// The kind of a trigger, as the server's wrapper spells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TriggerKind(Cow<'static, str>);

impl TriggerKind {
    const QUERY_LEVEL: &'static str = "query_level_trigger";
    const CHAINED: &'static str = "chained_alert_trigger";

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

/// How often an action may tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    /// At most once in so many minutes.
    pub minutes: u32,
    /// Whether the server heeds it; one that is stored but off does nothing.
    pub enabled: bool,
}
