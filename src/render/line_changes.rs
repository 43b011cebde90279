//! The difference of two YAML texts, line by line, that knows what stands under what: a list's item is compared with
//! the item that it was, and a key with the same key.

use std::collections::HashMap;
use std::iter;

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};

/// A line, and what became of it.
pub type LineChange<'a> = (ChangeTag, &'a str);

/// So many pairs of changed neighbours are weighed at most; beyond that all of them are removed and added.
const MOST_PAIRS: usize = 40_000;

/// All lines of both texts, those that both have once.
pub fn line_changes<'a>(before: &'a str, after: &'a str) -> Vec<LineChange<'a>> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let mut changes = Vec::with_capacity(before.len().max(after.len()));
    compare(&nodes(&before, 0), &nodes(&after, 0), &mut changes);
    changes
}

/// How deep a line stands: by its indentation; an item of a list is deeper than a key that is indented as far.
pub fn depth(text: &str) -> usize {
    2 * indentation(text) + usize::from(is_item(text))
}

fn indentation(text: &str) -> usize {
    text.len() - text.trim_start_matches(' ').len()
}

fn is_item(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with("- ")
}

/// A line with all that stands under it.
#[derive(Clone, Copy)]
struct Node<'a, 'b> {
    lines: &'b [&'a str],
    /// With how many dashes its first line begins that belong to the items whose first key it is.
    dashes: usize,
}

impl<'a, 'b> Node<'a, 'b> {
    /// Whether it is an item of a list.
    fn is_item(self) -> bool {
        is_item(self.first())
    }

    /// The first line without indentation and without the dashes of the items that it is the first key of.
    fn first(self) -> &'a str {
        without_dashes(self.lines[0], self.dashes)
    }

    /// The key that the first line begins with.
    fn key(self) -> &'a str {
        let first = self.first();
        first.split_once(": ").map_or(first, |(key, _)| key).trim_end_matches(':')
    }

    /// Whether what stands under it is a text, whose lines mean nothing here.
    fn is_long_text(self) -> bool {
        let (_, last) = self.first().rsplit_once(": ").unwrap_or(("", self.first()));
        ["|", "|-", "|+", ">", ">-", ">+"].contains(&last)
    }

    /// What stands under it: the keys of an item, else what is deeper than its first line.
    fn children(self) -> Vec<Node<'a, 'b>> {
        if self.is_item() { nodes(self.lines, self.dashes + 1) } else { nodes(&self.lines[1..], 0) }
    }
}

fn without_dashes(line: &str, dashes: usize) -> &str {
    let text = line.trim_start_matches(' ');
    (0..dashes).fold(text, |text, _| text.strip_prefix("- ").unwrap_or(text))
}

/// The lines that stand side by side, each with what stands under it; the first one begins with so many dashes that
/// belong to the items around it.
fn nodes<'a, 'b>(lines: &'b [&'a str], dashes: usize) -> Vec<Node<'a, 'b>> {
    let Some(first) = lines.first() else { return Vec::new() };
    let outermost =
        2 * (indentation(first) + 2 * dashes) + usize::from(is_item(without_dashes(first, dashes)));
    let is_start = |line: &str| !line.trim().is_empty() && depth(line) <= outermost;
    let starts = iter::once(0).chain((1..lines.len()).filter(|index| is_start(lines[*index])));
    let starts: Vec<usize> = starts.collect();
    let ends = starts[1..].iter().copied().chain([lines.len()]);
    let ranges = starts.iter().zip(ends);
    let dashes = |start: usize| if start == 0 { dashes } else { 0 };
    ranges.map(|(start, end)| Node { lines: &lines[*start..end], dashes: dashes(*start) }).collect()
}

fn compare<'a>(before: &[Node<'a, '_>], after: &[Node<'a, '_>], changes: &mut Vec<LineChange<'a>>) {
    for op in capture_diff_slices(Algorithm::Myers, &whole(before), &whole(after)) {
        let (gone, new) = (&before[op.old_range()], &after[op.new_range()]);
        match op {
            DiffOp::Equal { .. } => all(new, ChangeTag::Equal, changes),
            DiffOp::Delete { .. } => all(gone, ChangeTag::Delete, changes),
            DiffOp::Insert { .. } => all(new, ChangeTag::Insert, changes),
            DiffOp::Replace { .. } => replaced(gone, new, changes),
        }
    }
}

/// All of each node, in the form in which it is compared.
fn whole<'a, 'b>(nodes: &[Node<'a, 'b>]) -> Vec<(&'a str, &'b [&'a str])> {
    nodes.iter().map(|node| (node.first(), &node.lines[1..])).collect()
}

fn compare_texts<'a>(gone: &[&'a str], new: &[&'a str], changes: &mut Vec<LineChange<'a>>) {
    for op in capture_diff_slices(Algorithm::Myers, gone, new) {
        changes.extend(op.iter_changes(gone, new).map(|change| (change.tag(), change.value())));
    }
}

fn all<'a>(nodes: &[Node<'a, '_>], tag: ChangeTag, changes: &mut Vec<LineChange<'a>>) {
    changes.extend(nodes.iter().flat_map(|node| node.lines).map(|line| (tag, *line)));
}

/// Neighbours that changed: those that are each other's counterparts are compared, the others are removed and added.
fn replaced<'a>(gone: &[Node<'a, '_>], new: &[Node<'a, '_>], changes: &mut Vec<LineChange<'a>>) {
    let (mut old_done, mut new_done) = (0, 0);
    for (old, other) in counterparts(gone, new) {
        all(&gone[old_done..old], ChangeTag::Delete, changes);
        all(&new[new_done..other], ChangeTag::Insert, changes);
        changed(gone[old], new[other], changes);
        (old_done, new_done) = (old + 1, other + 1);
    }
    all(&gone[old_done..], ChangeTag::Delete, changes);
    all(&new[new_done..], ChangeTag::Insert, changes);
}

fn changed<'a>(gone: Node<'a, '_>, new: Node<'a, '_>, changes: &mut Vec<LineChange<'a>>) {
    if !new.is_item() {
        if gone.first() == new.first() {
            changes.push((ChangeTag::Equal, new.lines[0]));
        } else {
            changes.push((ChangeTag::Delete, gone.lines[0]));
            changes.push((ChangeTag::Insert, new.lines[0]));
        }
    }
    if gone.is_long_text() && new.is_long_text() {
        compare_texts(&gone.lines[1..], &new.lines[1..], changes);
    } else {
        compare(&gone.children(), &new.children(), changes);
    }
}

/// Which of the nodes are each other's counterparts: in the order of both, and as alike as can be altogether.
fn counterparts(gone: &[Node<'_, '_>], new: &[Node<'_, '_>]) -> Vec<(usize, usize)> {
    if gone.len() * new.len() > MOST_PAIRS {
        return Vec::new();
    }
    // the best sum of likenesses from each pair of places to the end
    let width = new.len() + 1;
    let mut best = vec![0; (gone.len() + 1) * width];
    let mut alike = vec![0; gone.len() * new.len()];
    for old in (0..gone.len()).rev() {
        for other in (0..new.len()).rev() {
            let likeness = likeness(gone[old], new[other]);
            alike[old * new.len() + other] = likeness;
            let apart = best[(old + 1) * width + other].max(best[old * width + other + 1]);
            let together = if likeness == 0 { 0 } else { likeness + best[(old + 1) * width + other + 1] };
            best[old * width + other] = apart.max(together);
        }
    }
    let (mut old, mut other) = (0, 0);
    let mut found = Vec::new();
    while old < gone.len() && other < new.len() {
        let (here, likeness) = (best[old * width + other], alike[old * new.len() + other]);
        if likeness > 0 && here == likeness + best[(old + 1) * width + other + 1] {
            found.push((old, other));
            (old, other) = (old + 1, other + 1);
        } else if here == best[(old + 1) * width + other] {
            old += 1;
        } else {
            other += 1;
        }
    }
    found
}

/// How much speaks for it that one node has become the other; nothing does where it is 0. A key stays what it is, and
/// an item one that begins alike or has half of its lines in common.
fn likeness(gone: Node<'_, '_>, new: Node<'_, '_>) -> usize {
    match (gone.is_item(), new.is_item()) {
        (false, false) => usize::from(gone.key() == new.key()),
        (true, true) => {
            let most = gone.lines.len().max(new.lines.len());
            if most == 1 && !gone.first().contains(": ") {
                return 0;
            }
            let shared = 100 * common_lines(gone.lines, new.lines) / most;
            let begins_alike = gone.lines[0] == new.lines[0];
            if begins_alike {
                100 + shared
            } else if shared >= 50 {
                shared
            } else {
                0
            }
        }
        (true, false) | (false, true) => 0,
    }
}

fn common_lines(gone: &[&str], new: &[&str]) -> usize {
    let mut left: HashMap<&str, usize> = HashMap::with_capacity(gone.len());
    for line in gone {
        *left.entry(line.trim_start_matches([' ', '-'])).or_default() += 1;
    }
    let is_taken = |line: &&&str| match left.get_mut(line.trim_start_matches([' ', '-'])) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    new.iter().filter(is_taken).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The changed lines with their signs; the others and the added ones are the later text.
    fn changed(before: &str, after: &str) -> Vec<String> {
        let changes = line_changes(before, after);
        let later = changes.iter().filter(|(tag, _)| *tag != ChangeTag::Delete).map(|(_, line)| *line);
        assert!(later.eq(after.lines()));
        let changed = changes.into_iter().filter(|(tag, _)| *tag != ChangeTag::Equal);
        changed.map(|(tag, line)| format!("{tag}{line}")).collect()
    }

    const RANGES: &str = "\
filter:
- range:
    a:
      gte: 1
- range:
    b:
      gte: 1
minimum: 1
";

    #[test]
    fn an_item_that_begins_like_the_next_one_is_gone_as_a_whole() {
        let after = "filter:\n- range:\n    b:\n      gte: 1\nminimum: 1\n";
        let gone = ["- range:", "    a:", "      gte: 1"];
        assert_eq!(changed(RANGES, after), gone.map(|line| format!("-{line}")));
        assert_eq!(changed(after, RANGES), gone.map(|line| format!("+{line}")));
    }

    #[test]
    fn an_item_that_is_gone_and_one_that_changed_are_told_apart() {
        let after = "filter:\n- range:\n    b:\n      gte: 2\nminimum: 1\n";
        assert_eq!(
            changed(RANGES, after),
            ["-- range:", "-    a:", "-      gte: 1", "-      gte: 1", "+      gte: 2"]
        );
    }

    #[test]
    fn the_dash_moves_to_the_next_key_without_a_word() {
        assert_eq!(changed("- a: 1\n  b: 2\n", "- b: 2\n"), ["-- a: 1"]);
        assert_eq!(changed("- b: 2\n", "- a: 1\n  b: 2\n"), ["+- a: 1"]);
    }

    #[test]
    fn a_list_in_a_list_is_compared_too() {
        assert_eq!(
            changed("p:\n- - 1\n  - 2\n- - 3\n  - 4\n", "p:\n- - 1\n  - 2\n- - 9\n  - 4\n"),
            ["-- - 3", "+- - 9"]
        );
        assert_eq!(changed("- - 1\n  - 2\n", "- - 1\n  - 5\n"), ["-  - 2", "+  - 5"]);
    }

    #[test]
    fn a_long_text_is_compared_by_its_lines() {
        let before = "source: |-\n  if (a) {\n    - b\n\n  }\nx: 1\n";
        assert_eq!(changed(before, &before.replace("- b", "- c")), ["-    - b", "+    - c"]);
        assert_eq!(changed(before, &before.replace("|-", "|")), ["-source: |-", "+source: |"]);
    }
}
