//! The difference of two YAML texts, line by line, that knows what stands under what: a list's item is compared with
//! the item that it was, and a key with the same key.

use std::collections::{HashMap, HashSet};

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};

use super::node::{Node, nodes};

/// A line, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineChange<'a> {
    /// Whether it stays, comes or goes.
    pub tag: ChangeTag,
    /// The line; of one that stays, as it is.
    pub text: &'a str,
    /// Whether it stays, and takes the dash of its item from another line, or loses it to one: without it a first key
    /// that goes would look like an item that does.
    pub changes_dash: bool,
}

/// So many pairs of changed neighbours are weighed at most; beyond that all of them are removed and added.
const MOST_PAIRS: usize = 40_000;

/// All lines of both texts, those that both have once. An item that begins with the first of two `renamed` lines has
/// become the one that begins with the second.
pub fn line_changes<'a>(
    before: &'a str,
    after: &'a str,
    renamed: &[(String, String)],
) -> Vec<LineChange<'a>> {
    let (before, after): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let changes = Vec::with_capacity(before.len().max(after.len()));
    let mut comparison = Comparison { renamed, changes };
    comparison.compare(&nodes(&before, 0), &nodes(&after, 0));
    comparison.changes
}

/// A comparison under way.
struct Comparison<'a, 'r> {
    /// The first lines of items, as they were and as they are.
    renamed: &'r [(String, String)],
    changes: Vec<LineChange<'a>>,
}

impl<'a> Comparison<'a, '_> {
    /// Compares what stands side by side. What both begin and end with is left out of it, so that one of several like
    /// neighbours that changes is not taken for the next.
    fn compare(&mut self, before: &[Node<'a, '_>], after: &[Node<'a, '_>]) {
        let is_same = |(one, other): &(&Node<'a, '_>, &Node<'a, '_>)| one.whole() == other.whole();
        let first = before.iter().zip(after).take_while(is_same).count();
        let (before_all, before, rest) = (before, &before[first..], &after[first..]);
        let last = before.iter().rev().zip(rest.iter().rev()).take_while(is_same).count();
        let (before, before_end) = before.split_at(before.len() - last);
        let (middle, end) = rest.split_at(rest.len() - last);
        self.same(&before_all[..first], &after[..first]);
        let (were, are): (Vec<_>, Vec<_>) =
            (before.iter().map(Node::whole).collect(), middle.iter().map(Node::whole).collect());
        for op in capture_diff_slices(Algorithm::Myers, &were, &are) {
            let (gone, new) = (&before[op.old_range()], &middle[op.new_range()]);
            match op {
                DiffOp::Equal { .. } => self.same(gone, new),
                DiffOp::Delete { .. } => self.all(gone, ChangeTag::Delete),
                DiffOp::Insert { .. } => self.all(new, ChangeTag::Insert),
                DiffOp::Replace { .. } => self.replaced(gone, new),
            }
        }
        self.same(before_end, end);
    }

    /// Nodes that stay.
    fn same(&mut self, before: &[Node<'a, '_>], after: &[Node<'a, '_>]) {
        for (was, is) in before.iter().zip(after) {
            self.head(*was, *is);
            self.push(ChangeTag::Equal, &is.lines[1..]);
        }
    }

    /// The first line of a node that stays.
    fn head(&mut self, was: Node<'a, '_>, is: Node<'a, '_>) {
        let changes_dash = was.dashes != is.dashes;
        self.changes.push(LineChange { tag: ChangeTag::Equal, text: is.lines[0], changes_dash });
    }

    fn push(&mut self, tag: ChangeTag, lines: &[&'a str]) {
        self.changes.extend(lines.iter().map(|text| LineChange { tag, text, changes_dash: false }));
    }

    fn all(&mut self, nodes: &[Node<'a, '_>], tag: ChangeTag) {
        for node in nodes {
            self.push(tag, node.lines);
        }
    }

    /// Neighbours that changed: those that are each other's counterparts are compared, the others are removed and added.
    fn replaced(&mut self, gone: &[Node<'a, '_>], new: &[Node<'a, '_>]) {
        let (mut old_done, mut new_done) = (0, 0);
        for (old, other) in self.counterparts(gone, new) {
            self.all(&gone[old_done..old], ChangeTag::Delete);
            self.all(&new[new_done..other], ChangeTag::Insert);
            self.changed(gone[old], new[other]);
            (old_done, new_done) = (old + 1, other + 1);
        }
        self.all(&gone[old_done..], ChangeTag::Delete);
        self.all(&new[new_done..], ChangeTag::Insert);
    }

    fn changed(&mut self, gone: Node<'a, '_>, new: Node<'a, '_>) {
        if new.is_item() {
            self.compare(&gone.children(), &new.children());
            return;
        }
        if gone.first() == new.first() {
            self.head(gone, new);
        } else if (gone.lines.len() == 1) == (new.lines.len() == 1) {
            self.push(ChangeTag::Delete, &gone.lines[..1]);
            self.push(ChangeTag::Insert, &new.lines[..1]);
        } else {
            self.all(&[gone], ChangeTag::Delete);
            self.all(&[new], ChangeTag::Insert);
            return;
        }
        if gone.is_long_text() && new.is_long_text() {
            self.compare_texts(&gone.lines[1..], &new.lines[1..]);
        } else {
            self.compare(&gone.children(), &new.children());
        }
    }

    fn compare_texts(&mut self, gone: &[&'a str], new: &[&'a str]) {
        for op in capture_diff_slices(Algorithm::Myers, gone, new) {
            for change in op.iter_changes(gone, new) {
                self.push(change.tag(), &[change.value()]);
            }
        }
    }

    /// Which of the nodes are each other's counterparts: in the order of both, and as alike as can be altogether.
    fn counterparts(&self, gone: &[Node<'a, '_>], new: &[Node<'a, '_>]) -> Vec<(usize, usize)> {
        if gone.len() * new.len() > MOST_PAIRS {
            // in their order, if none came or went
            let pairs = (0..gone.len()).filter(|index| self.likeness(gone[*index], new[*index]) > 0);
            return if gone.len() == new.len() {
                pairs.map(|index| (index, index)).collect()
            } else {
                Vec::new()
            };
        }
        let heads = |nodes: &[Node<'a, '_>]| nodes.iter().map(|node| node.head()).collect::<HashSet<_>>();
        let (were, are) = (heads(gone), heads(new));
        // the best sum of likenesses from each pair of places to the end
        let width = new.len() + 1;
        let mut best = vec![0; (gone.len() + 1) * width];
        let mut alike = vec![0; gone.len() * new.len()];
        for old in (0..gone.len()).rev() {
            for other in (0..new.len()).rev() {
                // what goes on under its own name has not become another
                let goes_on = gone[old].head() != new[other].head()
                    && (are.contains(gone[old].head()) || were.contains(new[other].head()));
                let likeness = if goes_on { 0 } else { self.likeness(gone[old], new[other]) };
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

    /// How much speaks for it that one node has become the other; nothing does where it is 0. A key stays what it is,
    /// and an item one that was renamed so, that begins alike, or that has half of its lines in common.
    fn likeness(&self, gone: Node<'_, '_>, new: Node<'_, '_>) -> usize {
        if gone.is_item() != new.is_item() {
            return 0;
        }
        if !gone.is_item() {
            return usize::from(gone.key() == new.key());
        }
        let (was, is) = (gone.head(), new.head());
        let most = gone.lines.len().max(new.lines.len());
        if most == 1 && !was.contains(": ") {
            return 0;
        }
        let shared = 100 * common_lines(gone.lines, new.lines) / most;
        let is_renamed = || self.renamed.iter().any(|(former, name)| former == was && name == is);
        if was == is || is_renamed() {
            return 100 + shared;
        }
        if shared < 50 { 0 } else { shared }
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
        let changes = line_changes(before, after, &[("name: a".to_owned(), "name: b".to_owned())]);
        let later = changes.iter().filter(|change| change.tag != ChangeTag::Delete).map(|change| change.text);
        assert!(later.eq(after.lines()));
        let changed =
            changes.into_iter().filter(|change| change.tag != ChangeTag::Equal || change.changes_dash);
        changed.map(|change| format!("{}{}", change.tag, change.text)).collect()
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
    fn a_key_that_takes_the_dash_is_told_from_an_item_that_stays() {
        assert_eq!(changed("- a: 1\n  b: 2\n", "- b: 2\n"), ["-- a: 1", " - b: 2"]);
        assert_eq!(changed("- b: 2\n", "- a: 1\n  b: 2\n"), ["+- a: 1", "   b: 2"]);
        assert_eq!(changed("- a: 1\n- b: 2\n", "- b: 2\n"), ["-- a: 1"]);
    }

    #[test]
    fn one_of_several_like_neighbours_is_the_one_that_changed() {
        let list = |codes: [u16; 3]| codes.map(|code| format!("- term:\n    code: {code}\n")).concat();
        assert_eq!(changed(&list([1, 500, 501]), &list([1, 501, 501])), ["-    code: 500", "+    code: 501"]);
    }

    #[test]
    fn an_item_that_was_renamed_is_compared_with_itself() {
        let before = "- name: a\n  severity: 1\n  x: 1\n";
        let after = "- name: b\n  severity: 1\n  x: 2\n";
        assert_eq!(changed(before, after), ["-- name: a", "+- name: b", "-  x: 1", "+  x: 2"]);
        let other = ["-- name: c", "-  severity: 1", "-  x: 1", "+- name: b", "+  severity: 1", "+  x: 2"];
        assert_eq!(changed(&before.replace("name: a", "name: c"), after), other);
    }

    #[test]
    fn what_goes_on_under_its_name_has_not_become_another() {
        let item = |name: &str, condition: u8, messages: &str| {
            let messages = (0..8).map(|number| format!("  {messages}{number}: {number}\n"));
            format!("- name: {name}\n  condition: {condition}\n{}", messages.collect::<String>())
        };
        let before = item("x", 1, "m") + &item("t", 2, "n");
        let after = item("t", 2, "m") + &item("y", 3, "n");
        let shown = changed(&before, &after);
        assert!(
            shown.contains(&"-  n3: 3".to_owned()) && shown.contains(&"+  m3: 3".to_owned()),
            "{shown:#?}"
        );
        assert!(!shown.iter().any(|line| line.ends_with("name: t")), "{shown:#?}");
    }

    #[test]
    fn a_value_of_another_shape_is_gone_before_the_new_one_comes() {
        let gone = ["-a:", "-  query: x", "-  operator: and", "+a: x"];
        assert_eq!(changed("a:\n  query: x\n  operator: and\n", "a: x\n"), gone);
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
