//! Which email addresses the servers take.

use super::fault::Fault;

/// Refuses what is no address, in the words of the route.
pub fn check(address: &str, refusal: &str) -> Result<(), Fault> {
    let good =
        address.rsplit_once('@').is_some_and(|(local, domain)| good_local(local) && good_domain(domain));
    if good { Ok(()) } else { Err(Fault::illegal_argument(refusal)) }
}

/// Words of letters, digits and some marks, with single dots between them.
fn good_local(local: &str) -> bool {
    let mark = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    local.split('.').all(|word| !word.is_empty() && word.chars().all(mark))
}

/// At least two labels that neither begin nor end with a hyphen.
fn good_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let good = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    labels.len() >= 2 && labels.iter().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_addresses_with_a_domain_of_at_least_two_labels() {
        for good in ["a@example.com", "first.last+x@sub.example-1.org"] {
            assert!(check(good, "no").is_ok(), "{good}");
        }
        for bad in
            ["", "someone", "@example.com", "a@", "a@b", "a@-b.com", "a..b@example.com", "a b@example.com"]
        {
            assert!(check(bad, "no").is_err(), "{bad}");
        }
    }
}
