//! What an HTML page calls itself, for errors about proxies and login pages.

use super::refusal::tidy;

/// Describes a page by its title.
pub fn describe(body: &[u8]) -> String {
    let page = String::from_utf8_lossy(body);
    match title(&page) {
        Some(title) => format!("an HTML page titled `{title}`"),
        None => "an HTML page".to_owned(),
    }
}

fn title(page: &str) -> Option<String> {
    // ASCII alone, so that positions stay the same.
    let lower = page.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let start = tag + lower[tag..].find('>')? + 1;
    let end = start + lower[start..].find('<')?;
    let title: String = tidy(&page[start..end]).chars().take(80).collect();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_called_by_their_titles() {
        for (page, expected) in [
            ("<html><head><title>502 Bad Gateway</title>", "an HTML page titled `502 Bad Gateway`"),
            ("<TITLE lang=en>\n  Sign\u{1b}[31m in </TITLE>", "an HTML page titled `Sign [31m in`"),
            ("<title></title>", "an HTML page"),
            ("<title", "an HTML page"),
            ("", "an HTML page"),
        ] {
            assert_eq!(describe(page.as_bytes()), expected);
        }
    }
}
