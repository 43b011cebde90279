//! Which words change in the lines of a difference: two resources whose words change alike are told as one, whatever
//! else stands in those lines.

use std::iter;

use super::outline::{Line, Sign};

/// A line, or the words that a pair of lines does not have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit<'l> {
    /// A line without a counterpart.
    Line(&'l Line),
    /// The key before it, if there is one, what is gone, and what is in its place.
    Words(&'l str, Vec<&'l str>, Vec<&'l str>),
}

/// What changes in a difference. Of as many lines that go as come in their place each is the other's counterpart.
pub fn edits(lines: &[Line]) -> Vec<Edit<'_>> {
    let mut edits = Vec::new();
    let mut rest = lines;
    // how far the key of a block is indented, while its lines go on
    let mut block: Option<usize> = None;
    while let Some(first) = rest.first() {
        let count = |lines: &[Line], sign| lines.iter().take_while(|line| line.sign == sign).count();
        let gone = count(rest, Sign::Removed);
        let new = count(&rest[gone..], Sign::Added);
        if gone > 0 && gone == new {
            let (were, are) = rest[..gone + new].split_at(gone);
            for (was, is) in iter::zip(were, are) {
                block = still_in(block, was);
                let key = if block.is_none() { key(was) } else { "" };
                edits.push(words(key, was, is));
                block = block.or_else(|| opened_by(was));
            }
            rest = &rest[gone + new..];
        } else {
            block = still_in(block, first).or_else(|| opened_by(first));
            edits.push(Edit::Line(first));
            rest = &rest[1..];
        }
    }
    edits
}

fn indent(line: &Line) -> usize {
    line.text.len() - line.text.trim_start_matches([' ', '-']).len()
}

/// The block, if a line is one of its.
fn still_in(block: Option<usize>, line: &Line) -> Option<usize> {
    block.filter(|key| indent(line) > *key || line.text.is_empty())
}

/// The block that begins below a line.
fn opened_by(line: &Line) -> Option<usize> {
    [": |", ": |-", ": |+", ": >-"].iter().any(|end| line.text.ends_with(end)).then(|| indent(line))
}

/// The key before a value.
fn key(line: &Line) -> &str {
    let first = line.text.trim_start_matches([' ', '-']).split(' ').next().unwrap_or_default();
    if first.ends_with(':') { first } else { "" }
}

fn words<'l>(key: &'l str, was: &'l Line, is: &'l Line) -> Edit<'l> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (was.text.split(' ').collect(), is.text.split(' ').collect());
    let begin = iter::zip(&before, &after).take_while(|(one, other)| one == other).count();
    let most = before.len().min(after.len()) - begin;
    let ends = iter::zip(before.iter().rev(), after.iter().rev()).take(most);
    let end = ends.take_while(|(one, other)| one == other).count();
    let part = |words: &[&'l str]| words[begin..words.len() - end].to_vec();
    Edit::Words(key, part(&before), part(&after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<Line> {
        let line = |text: &&str| {
            let sign = match text.chars().next() {
                Some('-') => Sign::Removed,
                Some('+') => Sign::Added,
                _ => Sign::Above,
            };
            Line { sign, text: text[1..].to_owned() }
        };
        texts.iter().map(line).collect()
    }

    #[test]
    fn the_same_words_change_in_other_lines() {
        let one = lines(&[" a:", "-m: one saw errors today", "+m: one saw many errors today"]);
        let other = lines(&[" a:", "-m: two saw errors now", "+m: two saw many errors now"]);
        assert_eq!(edits(&one), edits(&other));
        for (was, is) in
            [("m: two saw errors", "m: two saw few errors"), ("n: two saw errors", "n: two saw many errors")]
        {
            let another = lines(&[" a:", &format!("-{was}"), &format!("+{is}")]);
            assert_ne!(edits(&one), edits(&another));
        }
        for head in [" m: |", " m: |-", " m: |+", " m: >-"] {
            let block = |name: &str| {
                let [was, is] = ["last minutes", "last 5 minutes"];
                lines(&[head, &format!("-  {name}: the {was}"), &format!("+  {name}: the {is}")])
            };
            let (one, other) = (block("one"), block("other"));
            assert_eq!(edits(&one), edits(&other), "{head}");
        }
        let added = lines(&["-a: 1", "+a: 1", "+b: 2"]);
        assert_eq!(edits(&added).len(), 3);
    }
}
