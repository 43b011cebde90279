//! How much is shown of each change where there is no room for all: headlines, then names and warnings, then lines, of what
//! is at risk before others.

use std::fmt::Write;

use super::escape::{code, escaped, fence};
use crate::model::resource::Key;
use crate::plan::Action;
use crate::plan::drift::Drift;
use crate::plural::count;
use crate::render::changes::{Group, Shown};
use crate::render::text::{shortened, whereabouts};
use crate::render::words::listed;

/// So many lines of a change are shown when there is no room for all of them.
const FEW: usize = 12;

/// So many names stand beside the headline of a group whose names have no room.
const FEW_NAMES: usize = 3;

/// Changes as they are shown within so many bytes.
pub struct Fitted<'g> {
    /// The text of each group of which there is room for a headline.
    pub texts: Vec<String>,
    /// How many changes there are besides.
    pub more: usize,
    /// Those of whose names, warnings or lines something is left out that no headline says.
    pub cut: Vec<&'g Key>,
}

/// How much is shown of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Form {
    /// Whether all names and all warnings are there.
    has_names: bool,
    /// Whether each name of several has its place.
    has_places: bool,
    /// So many lines at most.
    most: usize,
}

/// What is shown of a group besides what is shown already, in the order in which a class of groups gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum More {
    Headline,
    Names,
    FewLines,
    Places,
    AllLines,
}

/// What gets its room after what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Headlines of what is at risk.
    RisksNamed,
    /// A few lines of it.
    RisksShown,
    /// All other headlines.
    Named,
    /// Names and warnings: what is not named may be anything.
    NamesAndWarnings,
    /// All lines and places of what is at risk.
    RisksInFull,
    OtherLines,
    Places,
    /// Lines of what a headline says anyway.
    Said,
    /// Lines of what goes.
    Deleted,
}

impl Class {
    /// How much of the room may be used up by it, in percent: what is at risk leaves some for the rest, and of very many each
    /// leaves some for lines of the first.
    const fn share(self) -> usize {
        match self {
            Class::RisksNamed => 65,
            Class::RisksShown => 75,
            Class::Named
            | Class::NamesAndWarnings
            | Class::RisksInFull
            | Class::OtherLines
            | Class::Places
            | Class::Said
            | Class::Deleted => 100,
        }
    }
}

impl Form {
    const BARE: Self = Self { has_names: false, has_places: false, most: 0 };
    const WHOLE: Self = Self { has_names: true, has_places: true, most: usize::MAX };

    /// `None` is nothing at all.
    fn with(form: Option<Self>, more: More) -> Self {
        let form = form.unwrap_or(Self::BARE);
        match more {
            More::Headline => form,
            More::Names => Self { has_names: true, ..form },
            More::FewLines => Self { has_names: true, most: FEW.max(form.most), ..form },
            More::AllLines => Self { has_names: true, most: usize::MAX, ..form },
            More::Places => Self { has_names: true, has_places: true, ..form },
        }
    }
}

/// What there is room for, in the order of the groups.
pub fn fitted(groups: &[Group], room: usize) -> Fitted<'_> {
    let mut used = 0;
    let mut shown: Vec<(Option<Form>, String)> = vec![(None, String::new()); groups.len()];
    for Step { class, more, index, .. } in steps(groups) {
        let (form, text) = &mut shown[index];
        if form.is_none() && more != More::Headline {
            continue;
        }
        let longer = Form::with(*form, more);
        let longer_text = self::text(&groups[index], longer);
        let would_be_used = used - text.len() + longer_text.len();
        if would_be_used <= room * class.share() / 100 {
            used = would_be_used;
            (*form, *text) = (Some(longer), longer_text);
        }
    }
    let mut fitted = Fitted { texts: Vec::new(), cut: Vec::new(), more: 0 };
    for (group, (form, text)) in groups.iter().zip(shown) {
        let Some(form) = form else {
            fitted.more += group.all().count();
            continue;
        };
        fitted.texts.push(text);
        if is_missed(group, form) {
            fitted.cut.extend(group.all().map(|shown| &shown.key));
        }
    }
    fitted
}

/// Something to show of a group, if there is room.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Step {
    class: Class,
    more: More,
    /// Where few bytes tell all of a change it is told first.
    bytes: usize,
    index: usize,
}

/// What the groups can have, in order.
fn steps(groups: &[Group]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let first = &group.first;
        let lines = match first {
            first if first.action == Action::Delete => Class::Deleted,
            first if first.is_risky() => Class::RisksInFull,
            first if first.is_said_in_full() => Class::Said,
            _ => Class::OtherLines,
        };
        let mut step = |class, more, bytes| steps.push(Step { class, more, bytes, index });
        if first.is_risky() {
            step(Class::RisksNamed, More::Headline, 0);
        }
        if lines == Class::RisksInFull {
            step(Class::RisksShown, More::FewLines, 0);
            step(lines, More::Places, 0);
        }
        step(Class::Named, More::Headline, 0);
        step(Class::NamesAndWarnings, More::Names, 0);
        step(lines, More::FewLines, 0);
        step(lines, More::AllLines, text(group, Form::WHOLE).len());
        step(Class::Places, More::Places, 0);
    }
    steps.sort_unstable();
    steps
}

/// Whether something is left out that no headline says.
fn is_missed(group: &Group, form: Form) -> bool {
    let Shown { action, lines, .. } = &group.first;
    let has_said = !form.has_names && !group.has_only_lines();
    has_said || *action != Action::Delete && !group.first.is_said_in_full() && lines.len() > form.most
}

/// A group as it is shown: a headline, and what is below it folded away.
fn text(group: &Group, form: Form) -> String {
    let headline = headline(group);
    if !form.has_names {
        let names = match group.others.len() {
            0 => String::new(),
            _ => format!(" ({})", escaped(&listed(group.all().map(|shown| &shown.key), FEW_NAMES))),
        };
        return format!("\n{headline}{names}\n");
    }
    if form.most == 0 && group.has_only_lines() {
        let lines = match group.first.lines.len() {
            0 => String::new(),
            _ if group.first.is_said_in_full() => String::new(),
            lines => format!(", {}", count(lines, "line")),
        };
        return format!("\n{headline}{}{lines}\n", escaped(&whereabouts(&group.first)));
    }
    format!("\n<details><summary>{headline}</summary>\n\n{}\n</details>\n", details(group, form))
}

fn headline(group: &Group) -> String {
    let Shown { verb, key, headline, .. } = &group.first;
    let what = match group.others.len() {
        0 => format!("{} {}", key.kind.as_str(), code(key.name.as_str())),
        others => escaped(&count(others + 1, key.kind.as_str())),
    };
    let words =
        if headline.is_empty() { String::new() } else { format!(": {}", escaped(&shortened(headline))) };
    let sign = if group.first.is_risky() { " ⚠️" } else { "" };
    format!("<b>{verb}</b> {what}{words}{sign}")
}

/// What stands below the headline: names, what is to be known of all, and as many lines as the form has.
fn details(group: &Group, form: Form) -> String {
    let mut text = String::new();
    let names = || group.all().map(|shown| code(shown.key.name.as_str()));
    let places = || group.all().map(whereabouts).map(|place| escaped(&place));
    if group.others.is_empty() {
        let place = places().collect::<String>();
        // writing to a `String` cannot fail, here and below
        let _ = if place.is_empty() { Ok(()) } else { writeln!(text, "{}<br>", place.trim()) };
    } else if form.has_places {
        let _ = names().zip(places()).try_for_each(|(name, place)| writeln!(text, "{name}{place}<br>"));
    } else {
        let _ = writeln!(text, "{}<br>", names().collect::<Vec<_>>().join(", "));
    }
    let Shown { adoption, claimed, ends, drift, lines, .. } = &group.first;
    if let Some(whose) = group.whose_lines() {
        let _ = writeln!(text, "{}<br>", escaped(&whose));
    }
    if let Some(reason) = adoption {
        let _ = writeln!(text, "⚠️ taken over: {}<br>", escaped(reason));
    }
    for claimed in claimed {
        let _ = writeln!(text, "⚠️ taken over: {}<br>", escaped(&claimed.to_string()));
    }
    if let Some(risks) = group.first.unsaid_risks() {
        let _ = writeln!(text, "⚠️ {}<br>", escaped(&risks));
    }
    for ending in ends {
        let sign = if ending.is_quiet() { "" } else { "⚠️ " };
        let _ = writeln!(text, "{sign}ends: {}<br>", escaped(&ending.words));
    }
    for what in group.deleted().into_iter().chain(drift.iter().flat_map(Drift::lines)) {
        let _ = writeln!(text, "⚠️ {}<br>", escaped(&what));
    }
    if let Some(written) = group.written_unnoted() {
        let _ = writeln!(text, "{}<br>", escaped(&written));
    }
    if let Some(used) = group.used() {
        let sign = if group.first.key.kind.is_scheduled() { "" } else { "⚠️ " };
        let _ = writeln!(text, "{sign}{}<br>", escaped(&used));
    }
    let mut body = String::new();
    for line in lines.iter().take(form.most) {
        let _ = writeln!(body, "{} {}", line.sign.as_char(), line.text);
    }
    if !body.is_empty() {
        let fence = fence(&body);
        let _ = write!(text, "\n{fence}diff\n{body}{fence}\n");
    }
    if lines.len() > form.most {
        let _ = writeln!(text, "\n… and {}", count(lines.len() - form.most, "more line"));
    }
    text
}
