//! The lines of a YAML text as a tree: what stands under what, by indentation.

use std::iter;

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
#[derive(Clone, Copy, Debug)]
pub struct Node<'a, 'b> {
    /// All of them, its own first.
    pub lines: &'b [&'a str],
    /// With how many dashes its first line begins that belong to the items whose first key it is.
    pub dashes: usize,
}

impl<'a, 'b> Node<'a, 'b> {
    /// Whether it is an item of a list.
    pub fn is_item(self) -> bool {
        is_item(self.first())
    }

    /// The first line without indentation and without the dashes of the items that it is the first key of.
    pub fn first(self) -> &'a str {
        without_dashes(self.lines[0], self.dashes)
    }

    /// The first line of an item, without its dash.
    pub fn head(self) -> &'a str {
        without_dashes(self.lines[0], self.dashes + 1)
    }

    /// All of it, in the form in which it is compared.
    pub fn whole(&self) -> (&'a str, &'b [&'a str]) {
        (self.first(), &self.lines[1..])
    }

    /// The key that the first line begins with.
    pub fn key(self) -> &'a str {
        let first = self.first();
        first.split_once(": ").map_or(first, |(key, _)| key).trim_end_matches(':')
    }

    /// Whether what stands under it is a text, whose lines mean nothing here.
    pub fn is_long_text(self) -> bool {
        let (_, last) = self.first().rsplit_once(": ").unwrap_or(("", self.first()));
        ["|", "|-", "|+", ">", ">-", ">+"].contains(&last)
    }

    /// What stands under it: the keys of an item, else what is deeper than its first line.
    pub fn children(self) -> Vec<Node<'a, 'b>> {
        if self.is_item() { nodes(self.lines, self.dashes + 1) } else { nodes(&self.lines[1..], 0) }
    }
}

fn without_dashes(line: &str, dashes: usize) -> &str {
    let text = line.trim_start_matches(' ');
    (0..dashes).fold(text, |text, _| text.strip_prefix("- ").unwrap_or(text))
}

/// The lines that stand side by side, each with what stands under it; the first one begins with so many dashes that
/// belong to the items around it.
pub fn nodes<'a, 'b>(lines: &'b [&'a str], dashes: usize) -> Vec<Node<'a, 'b>> {
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
