//! Which texts of a destination are secrets, where no type of ours says so: one rule for what is warned of in files,
//! left out of exports and masked on screens.

/// Words in keys whose values are secrets.
const SECRET_WORDS: [&str; 8] =
    ["auth", "cookie", "credential", "key", "password", "secret", "signature", "token"];

/// Types of destinations whose content is known, so that their keys tell what is a secret in it.
const KNOWN: [&str; 9] = [
    "chime",
    "custom_webhook",
    "email",
    "mattermost",
    "microsoft_teams",
    "slack",
    "sns",
    "test_action",
    "webhook",
];

/// Headers whose values everybody may read.
const PUBLIC: [&str; 3] = ["content-type", "accept", "user-agent"];

/// Whether a key itself says that its value is a secret.
pub fn is_secret_key(key: &str) -> bool {
    let lower = key.to_lowercase();
    SECRET_WORDS.iter().any(|word| lower.contains(word))
}

/// Whether the name of a variable, or the path of a file, itself says that its value is a secret.
pub fn is_secret_variable(name: &str) -> bool {
    let lower = name.to_lowercase();
    if !lower.starts_with("file:") && lower.ends_with("_file") {
        // where a secret is, as images of Docker have it
        return false;
    }
    let is_word = |part: &str| part == "pw";
    is_secret_key(&lower)
        || ["dsn", "pass", "pwd", "webhook"].iter().any(|word| lower.contains(word))
        || lower.split(|c: char| !c.is_ascii_alphanumeric()).any(is_word)
}

/// Whether a header's value may be a secret.
pub fn is_secret_header(header: &str) -> bool {
    !PUBLIC.contains(&header.to_ascii_lowercase().as_str())
}

/// Whether a text in a destination of type `kind`, in the API's own words, may be a secret; `above` and `key` are the
/// last two keys that lead to it. Of a type that is not known every text may be one.
pub fn may_be_secret(kind: &str, [above, key]: [&str; 2]) -> bool {
    if !KNOWN.contains(&kind) {
        return true;
    }
    match above {
        "header_params" => is_secret_header(key),
        "query_params" => true,
        _ => is_secret_key(key) || may_lead_to_a_token(key),
    }
}

/// Whether what stands under `key` says where a message goes, which may have a token in it: servers before 2.0 look at
/// no host, and one may hold all of a URL.
fn may_lead_to_a_token(key: &str) -> bool {
    ["host", "path"].contains(&key) || key.to_ascii_lowercase().contains("url")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_type_tells_by_its_keys() {
        for keys in [
            ["", "url"],
            ["", "path"],
            ["", "host"],
            ["", "X-Signature"],
            ["", "credential_id"],
            ["query_params", "room"],
            ["header_params", "X-Room"],
            ["header_params", "Cookie"],
        ] {
            assert!(may_be_secret("custom_webhook", keys), "{keys:?}");
        }
        for (kind, keys) in [
            ("email", ["", "email_account_id"]),
            ("email", ["recipient_list", "recipient"]),
            ("sns", ["", "topic_arn"]),
            ("custom_webhook", ["", "scheme"]),
            ("webhook", ["header_params", "Content-Type"]),
        ] {
            assert!(!may_be_secret(kind, keys), "{keys:?}");
        }
    }

    #[test]
    fn a_type_that_is_not_known_tells_nothing() {
        assert!(may_be_secret("pager", ["", "room"]));
        assert!(may_be_secret("pager", ["header_params", "Content-Type"]));
    }
}
