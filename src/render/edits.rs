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
    while let Some(first) = rest.first() {
        let count = |lines: &[Line], sign| lines.iter().take_while(|line| line.sign == sign).count();
        let gone = count(rest, Sign::Removed);
        let new = count(&rest[gone..], Sign::Added);
        if gone > 0 && gone == new {
            let (were, are) = rest[..gone + new].split_at(gone);
            edits.extend(iter::zip(were, are).map(|(was, is)| words(was, is)));
            rest = &rest[gone + new..];
        } else {
            edits.push(Edit::Line(first));
            rest = &rest[1..];
        }
    }
    edits
}

fn words<'l>(was: &'l Line, is: &'l Line) -> Edit<'l> {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (was.text.split(' ').collect(), is.text.split(' ').collect());
    let begin = iter::zip(&before, &after).take_while(|(one, other)| one == other).count();
    let most = before.len().min(after.len()) - begin;
    let ends = iter::zip(before.iter().rev(), after.iter().rev()).take(most);
    let end = ends.take_while(|(one, other)| one == other).count();
    let part = |words: &[&'l str]| words[begin..words.len() - end].to_vec();
    let first = was.text.trim_start_matches([' ', '-']).split(' ').next().unwrap_or_default();
    let key = if first.ends_with(':') { first } else { "" };
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
        let added = lines(&["-a: 1", "+a: 1", "+b: 2"]);
        assert_eq!(edits(&added).len(), 3);
    }
}
