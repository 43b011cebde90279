//! Words that a person may have meant, for hints.

/// Words that others use, and ours.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("webhook", "custom_webhook"),
    ("custom_webhook", "webhook"),
    ("teams", "microsoft_teams"),
    ("destination_id", "destination"),
    ("indices", "index"),
    ("indexes", "index"),
    ("interval", "every"),
    ("period", "every"),
    ("headers", "header_params"),
    ("message_template", "message"),
    ("subject_template", "subject"),
    ("script", "condition"),
    ("expression", "cron"),
    ("tags", "labels"),
    ("channel", "destination"),
    ("is_enabled", "enabled"),
    ("inputs", "definition"),
    ("monitor_type", "definition"),
    ("type", "definition"),
    ("config_type", "definition"),
    ("email_account_id", "account"),
    ("email_group_id_list", "groups"),
    ("recipient_list", "recipients"),
    ("emails", "recipients"),
    ("from", "from_address"),
    ("monitor_id", "monitor"),
];

/// Says which word may have been meant, or which ones there are.
pub fn suggestion(word: &str, known: &[&str]) -> String {
    let other = OTHER_WORDS
        .iter()
        .find(|(other, ours)| *other == word && known.contains(ours))
        .map(|(_, ours)| *ours);
    match other.or_else(|| nearest(word, known.iter().copied())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", listed(known)),
    }
}

/// The candidate that is a slip of the keyboard away from `word`.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    candidates
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().div_ceil(4).min(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Lists words: `` `a`, `b` ``.
pub fn listed(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
