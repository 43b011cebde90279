//! The parts of a resource that something can be said about.

/// A part of a resource that something can be said about; triggers and actions are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What a destination is for.
    Description,
    /// Whether a destination delivers.
    Enabled,
    /// Where a destination leads.
    Target,
    /// The account that sends an e-mail.
    Account,
    /// A group that gets it.
    Group(u16),
    /// The method of a webhook.
    Method,
    /// The username or the password of a webhook.
    Credentials,
    /// When a monitor runs.
    Schedule,
    /// What it reads.
    Input,
    /// A trigger.
    Trigger(u16),
    /// The condition of a trigger.
    Condition(u16),
    /// An action: that of a trigger, and which.
    Action(u16, u16),
    /// Whom an action tells.
    Destination(u16, u16),
    /// A query of a document-level monitor.
    Query(u16),
    /// A monitor that a workflow runs.
    Delegate(u16),
}

impl Part {
    /// The trigger at `index`; beyond 65,535 places are those of the last.
    pub fn trigger(index: usize) -> Self {
        Part::Trigger(short(index))
    }

    /// The condition of the trigger at `index`.
    pub fn condition(index: usize) -> Self {
        Part::Condition(short(index))
    }

    /// The action at `index` of the trigger at `trigger`.
    pub fn action(trigger: usize, index: usize) -> Self {
        Part::Action(short(trigger), short(index))
    }

    /// Whom the action at `index` of the trigger at `trigger` tells.
    pub fn destination(trigger: usize, index: usize) -> Self {
        Part::Destination(short(trigger), short(index))
    }

    /// The query at `index`.
    pub fn query(index: usize) -> Self {
        Part::Query(short(index))
    }

    /// The delegate at `index`.
    pub fn delegate(index: usize) -> Self {
        Part::Delegate(short(index))
    }

    /// The group at `index`.
    pub fn group(index: usize) -> Self {
        Part::Group(short(index))
    }

    /// The part around this one; `None` when that is the whole.
    pub const fn around(self) -> Option<Self> {
        match self {
            Part::Description
            | Part::Enabled
            | Part::Target
            | Part::Schedule
            | Part::Input
            | Part::Trigger(_) => None,
            Part::Account | Part::Group(_) | Part::Method | Part::Credentials => Some(Part::Target),
            Part::Condition(trigger) | Part::Action(trigger, _) => Some(Part::Trigger(trigger)),
            Part::Query(_) | Part::Delegate(_) => Some(Part::Input),
            Part::Destination(trigger, action) => Some(Part::Action(trigger, action)),
        }
    }
}

fn short(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}
