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

/// What a form can have besides, in the order in which a class of changes gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum More {
    Names,
    FewLines,
    AllLines,
    Places,
}

/// What gets its room after what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// What is not named may be anything.
    Names,
    LinesAtRisk,
    OtherLines,
    Places,
    /// Lines of what a headline says anyway.
    Said,
    /// Lines of what goes.
    Deleted,
}

impl Form {
    const BARE: Self = Self { has_names: false, has_places: false, most: 0 };
    const WHOLE: Self = Self { has_names: true, has_places: true, most: usize::MAX };

    fn with(self, more: More) -> Self {
        match more {
            More::Names => Self { has_names: true, ..self },
            More::FewLines => Self { has_names: true, most: FEW.max(self.most), ..self },
            More::AllLines => Self { has_names: true, most: usize::MAX, ..self },
            More::Places => Self { has_names: true, has_places: true, ..self },
        }
    }
}

/// All headlines as long as there is room, then what the rest of the room is enough for.
pub fn fitted(groups: &[Group], room: usize) -> Fitted<'_> {
    let mut left = room;
    let bare = groups.iter().map(|group| text(group, Form::BARE)).take_while(|text| {
        let fits = text.len() <= left;
        left -= if fits { text.len() } else { 0 };
        fits
    });
    let mut texts: Vec<String> = bare.collect();
    let mut forms = vec![Form::BARE; texts.len()];
    for (_, more, _, index) in steps(&groups[..texts.len()]) {
        let form = forms[index].with(more);
        let longer = text(&groups[index], form);
        if longer.len() <= left + texts[index].len() {
            left = left + texts[index].len() - longer.len();
            texts[index] = longer;
            forms[index] = form;
        }
    }
    let cut = groups.iter().zip(forms).filter(|(group, form)| is_missed(group, *form));
    let cut = cut.flat_map(|(group, _)| group.all().map(|shown| &shown.key)).collect();
    Fitted { texts, cut }
}

/// What the groups can have besides their headlines, in order: of a class a few lines of each, as they are on the page, then
/// all lines, where few tell of a change first.
fn steps(groups: &[Group]) -> Vec<(Class, More, usize, usize)> {
    let mut steps = Vec::new();
    for (index, group) in groups.iter().enumerate() {
        let class = match &group.first {
            first if first.action == Action::Delete => Class::Deleted,
            first if first.is_said_in_full() => Class::Said,
            first if first.is_risky() => Class::LinesAtRisk,
            _ => Class::OtherLines,
        };
        steps.extend([
            (Class::Names, More::Names, index, index),
            (class, More::FewLines, index, index),
            (class, More::AllLines, text(group, Form::WHOLE).len(), index),
            (Class::Places, More::Places, index, index),
        ]);
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
