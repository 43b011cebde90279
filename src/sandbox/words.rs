//! Full text as the servers' indices see it: words in small letters, found whole unless the search has wildcards.

/// How the words of a search go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Each word must be found.
    All,
    /// One word is enough.
    Any,
}

/// Says whether a search finds one of these texts: each word may be in another of them.
pub fn finds(search: &str, join: Join, texts: &[&str]) -> bool {
    let found = |term: &&str| texts.iter().any(|text| term_is_in(term, text));
    let mut terms = search.split_whitespace().peekable();
    match join {
        Join::All => terms.all(|term| found(&term)),
        Join::Any => terms.any(|term| found(&term)),
    }
}

/// Cuts a text into words; a dot between letters joins them, so that a host name is one word.
pub fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        let inside = |place: Option<usize>| {
            place.and_then(|place| chars.get(place)).is_some_and(|c| c.is_alphanumeric())
        };
        let joins = matches!(c, '.' | '\'') && inside(at.checked_sub(1)) && inside(Some(at + 1));
        if c.is_alphanumeric() || *c == '_' || joins {
            words.iter_mut().last().into_iter().for_each(|word| word.extend(c.to_lowercase()));
        } else {
            words.push(String::new());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Says whether a pattern with `*` and `?` is a whole text.
pub fn wildcard(pattern: &str, text: &str) -> bool {
    let chars = |text: &str| text.chars().collect::<Vec<char>>();
    wildcard_chars(&chars(pattern), &chars(text))
}

fn term_is_in(term: &str, text: &str) -> bool {
    let there = words(text);
    if term.contains(['*', '?']) {
        let pattern: Vec<char> = term.to_lowercase().chars().collect();
        return there.iter().any(|word| wildcard_chars(&pattern, &word.chars().collect::<Vec<_>>()));
    }
    let wanted = words(term);
    !wanted.is_empty() && there.windows(wanted.len()).any(|run| run == wanted)
}

fn wildcard_chars(pattern: &[char], word: &[char]) -> bool {
    match pattern.split_first() {
        None => word.is_empty(),
        Some(('*', rest)) => (0..=word.len()).any(|skipped| wildcard_chars(rest, &word[skipped..])),
        Some((c, rest)) => word
            .split_first()
            .is_some_and(|(first, others)| (*c == '?' || c == first) && wildcard_chars(rest, others)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_whole_words_in_any_order_and_case() {
        assert!(finds("one CHARLIE", Join::All, &["charlie one"]) && !finds("alph", Join::All, &["alpha"]));
        assert!(finds("alph*", Join::All, &["Alpha room"]) && finds("r??m", Join::All, &["Alpha room"]));
        assert!(finds("x room", Join::Any, &["room"]) && !finds("x room", Join::All, &["room"]));
        assert!(finds("slack ops", Join::All, &["slack", "ops"]) && !finds("", Join::Any, &["ops"]));
    }

    #[test]
    fn a_host_name_is_one_word() {
        assert_eq!(
            words("https://hook.example.com/alert, v_1."),
            ["https", "hook.example.com", "alert", "v_1"]
        );
        assert!(finds("night@example.com", Join::Any, &["to night@example.com"]));
    }
}
