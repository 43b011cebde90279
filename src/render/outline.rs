//! The difference of two YAML texts: the lines that changed, each below the lines that it stands under.

use std::{fmt, iter};

use similar::ChangeTag;

use super::line_changes::{LineChange, line_changes};
use super::node::depth;
use crate::model::secret::COVER;

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What became of it.
    pub sign: Sign,
    /// The line, with its indentation.
    pub text: String,
}

impl Line {
    /// Covers what the line says, but for its key, unless headlines say it anyway.
    pub fn cover(&mut self) {
        const PLAIN: [&str; 8] =
            ["kind", "name", "destination", "severity", "throttle", "schedule", "enabled", "tells"];
        let indent = self.text.len() - self.text.trim_start_matches([' ', '-']).len();
        let (indent, said) = self.text.split_at(indent);
        let is_key = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        self.text = match said.split_once(':') {
            Some((key, _)) if PLAIN.contains(&key) => return,
            Some((key, value)) if is_key(key) && value.is_empty() => format!("{indent}{key}:"),
            Some((key, _)) if is_key(key) => format!("{indent}{key}: \"{COVER}\""),
            _ => format!("{indent}{COVER}"),
        };
    }
}

impl fmt::Display for Line {
    /// As programs get it: the sign, and the line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.sign.as_char(), self.text)
    }
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It stands above a changed one, and says where that is.
    Above,
    /// It is gone.
    Removed,
    /// It is new.
    Added,
}

impl Sign {
    /// The sign before the line.
    pub const fn as_char(self) -> char {
        match self {
            Sign::Above => ' ',
            Sign::Removed => '-',
            Sign::Added => '+',
        }
    }
}

/// The changed lines from `before` to `after`, each below those that it stands under by indentation, and how many are not
/// shown; `renamed` has the first lines of items, as they were and as they are.
pub fn outline(before: &str, after: &str, renamed: &[(String, String)]) -> (Vec<Line>, usize) {
    let changes = line_changes(before, after, renamed);
    let depths = depths(&changes);
    let mut lines = Vec::new();
    // the unchanged lines that the last one stands under
    let mut open: Vec<usize> = Vec::new();
    // the lines that the next one may stand under, in the earlier text and in the later one
    let (mut before, mut after): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    for (index, LineChange { tag, text, changes_dash }) in changes.iter().enumerate() {
        let sides: &mut [&mut Vec<usize>] = match tag {
            ChangeTag::Equal => &mut [&mut before, &mut after],
            ChangeTag::Delete => &mut [&mut before],
            ChangeTag::Insert => &mut [&mut after],
        };
        for side in &mut *sides {
            while side.last().is_some_and(|above| depths[*above] >= depths[index]) {
                side.pop();
            }
        }
        let sign = match tag {
            ChangeTag::Equal if *changes_dash => Some(Sign::Above),
            ChangeTag::Equal => None,
            ChangeTag::Delete => Some(Sign::Removed),
            ChangeTag::Insert => Some(Sign::Added),
        };
        if let Some(sign) = sign {
            let above: Vec<usize> =
                sides[0].iter().copied().filter(|line| changes[*line].tag == ChangeTag::Equal).collect();
            let common = open.iter().zip(&above).take_while(|(one, other)| one == other).count();
            let above_it =
                above[common..].iter().flat_map(|line| iter::once(*line).chain(name_below(&changes, *line)));
            lines
                .extend(above_it.map(|line| Line { sign: Sign::Above, text: changes[line].text.to_owned() }));
            lines.push(Line { sign, text: (*text).to_owned() });
            open = above;
            if sign == Sign::Above {
                open.push(index);
            }
        }
        for side in sides {
            side.push(index);
        }
    }
    let equal = changes.iter().filter(|change| change.tag == ChangeTag::Equal).count();
    let shown = lines.iter().filter(|line| line.sign == Sign::Above).count();
    (lines, equal.saturating_sub(shown))
}

/// How deep each line stands; one that is blank as deep as the next one of its text that is not.
fn depths(changes: &[LineChange<'_>]) -> Vec<usize> {
    let mut depths = vec![0; changes.len()];
    let (mut before, mut after) = (0, 0);
    for (index, LineChange { tag, text, changes_dash: _ }) in changes.iter().enumerate().rev() {
        let own = if *tag == ChangeTag::Delete { &mut before } else { &mut after };
        depths[index] = if text.trim().is_empty() { *own } else { depth(text) };
        let depth = depths[index];
        match tag {
            ChangeTag::Equal => (before, after) = (depth, depth),
            ChangeTag::Delete => before = depth,
            ChangeTag::Insert => after = depth,
        }
    }
    depths
}

/// The line of the name of a list's item whose own line has but the key that wraps it: `- query_level_trigger:`.
fn name_below(changes: &[LineChange<'_>], item: usize) -> Option<usize> {
    let text = changes[item].text.trim_start();
    let LineChange { tag, text: next, changes_dash: _ } = changes.get(item + 1)?;
    let is_wrapper = text.starts_with("- ") && text.ends_with(':');
    (is_wrapper && *tag == ChangeTag::Equal && next.trim_start().starts_with("name: ")).then_some(item + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_stands_below_its_parents() {
        let before = "name: a\ntriggers:\n- name: t\n  condition: x > 100\n  actions: []\nenabled: true\n";
        let after = before.replace("100", "200");
        let (lines, hidden) = outline(before, &after, &[]);
        assert_eq!(hidden, 3);
        let shown: Vec<String> =
            lines.into_iter().map(|line| format!("{} {}", line.sign.as_char(), line.text)).collect();
        assert_eq!(shown, ["  triggers:", "  - name: t", "-   condition: x > 100", "+   condition: x > 200"]);
    }

    #[test]
    fn a_blank_line_stands_where_the_text_around_it_does() {
        let before = "actions:\n- name: a\n  message: |\n    first\n\n    second\n  x: 1\n";
        let (shown, _) = outline(before, &before.replace("\n\n", "\n"), &[]);
        let shown: Vec<String> =
            shown.iter().map(|line| format!("{} {}", line.sign.as_char(), line.text)).collect();
        assert_eq!(shown, ["  actions:", "  - name: a", "    message: |", "- "]);
    }

    #[test]
    fn an_item_below_its_wrapper_has_its_name_shown() {
        let before = "triggers:\n- wrapper:\n    name: t\n    severity: 1\n    script: a\n";
        let (shown, _) = outline(before, &before.replace("script: a", "script: b"), &[]);
        let shown: Vec<&str> = shown.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(shown, ["triggers:", "- wrapper:", "    name: t", "    script: a", "    script: b"]);
    }

    #[test]
    fn what_is_added_stands_below_its_own_parents_beside_what_is_removed() {
        let before =
            "query:\n  size: 2\ntriggers:\n  - name: t\n    actions:\n      - name: a\n  - name: u\n";
        let after = "query:\n  size: 2\n  aggs: x\ntriggers:\n  - name: t\n    actions:\n      - name: a\n        throttle: 5m\n";
        let shown = |before: &str, after: &str| {
            let lines = outline(before, after, &[]).0.into_iter();
            lines.map(|line| format!("{} {}", line.sign.as_char(), line.text)).collect::<Vec<_>>().join("\n")
        };
        insta::assert_snapshot!(shown(before, after), @r"
      query:
    +   aggs: x
      triggers:
        - name: t
          actions:
            - name: a
    +         throttle: 5m
    -   - name: u
    ");
        insta::assert_snapshot!(shown(before, "query:\n  size: 2\n  aggs: x\n"), @r"
      query:
    +   aggs: x
    - triggers:
    -   - name: t
    -     actions:
    -       - name: a
    -   - name: u
    ");
    }
}
