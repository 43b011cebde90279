//! E-mail, its accounts and its groups to text.

use super::item::{Entries, entry, reference, text};
use crate::api::wire::email::METHODS;
use crate::model::destination::{Email, SesAccount, SmtpAccount, Target};
use crate::model::secret::COVER;
use crate::source::read::destination::is_arn;
use crate::source::read::email::is_address;
use crate::source::yaml::{Item, Layout};

/// Whether the friendly form can say where it leads: it looks at what it reads, servers before 2.0 do not.
pub fn is_sayable(target: &Target) -> bool {
    let filled = |text: &str| !text.trim().is_empty();
    match target {
        Target::Email(Email { account, recipients, groups }) => {
            recipients.iter().all(|address| is_address_or_cover(address))
                && std::iter::once(account).chain(groups).all(|reference| filled(reference.as_str()))
        }
        Target::SmtpAccount(SmtpAccount { host, port, method, from_address }) => {
            filled(host)
                && (1..=65_535).contains(port)
                && (METHODS.contains(&method.as_str()) || method == COVER)
                && is_address_or_cover(from_address)
        }
        Target::SesAccount(SesAccount { region, role_arn, from_address }) => {
            filled(region)
                && role_arn.as_ref().is_none_or(|role_arn| is_arn(role_arn, "iam") || role_arn == COVER)
                && is_address_or_cover(from_address)
        }
        Target::EmailGroup { recipients } => recipients.iter().all(|address| is_address_or_cover(address)),
        Target::Slack { .. } | Target::Chime { .. } | Target::CustomWebhook(_) | Target::Other { .. } => true,
    }
}

/// On a screen it may be covered.
fn is_address_or_cover(text: &str) -> bool {
    is_address(text) || text == COVER
}

/// The content of `email`.
pub fn email(email: &Email) -> Entries {
    let Email { account, recipients, groups } = email;
    let mut entries = vec![entry("account", reference(account))];
    if !recipients.is_empty() || groups.is_empty() {
        entries.push(entry("recipients", addresses(recipients)));
    }
    if !groups.is_empty() {
        let groups = groups.iter().map(reference).collect();
        entries.push(entry("groups", Item::Sequence(groups, Layout::Flow)));
    }
    entries
}

/// The content of `smtp_account`.
pub fn smtp_account(account: &SmtpAccount) -> Entries {
    let SmtpAccount { host, port, method, from_address } = account;
    vec![
        entry("host", text(host)),
        entry("port", Item::Bare(port.to_string())),
        entry("method", text(method)),
        entry("from_address", text(from_address)),
    ]
}

/// The content of `ses_account`.
pub fn ses_account(account: &SesAccount) -> Entries {
    let SesAccount { region, role_arn, from_address } = account;
    let mut entries = vec![entry("region", text(region))];
    entries.extend(role_arn.as_ref().map(|role_arn| entry("role_arn", text(role_arn))));
    entries.push(entry("from_address", text(from_address)));
    entries
}

/// The list of `recipients`.
pub fn addresses(recipients: &[String]) -> Item {
    let layout = if recipients.len() > MOST_ON_A_LINE { Layout::Block } else { Layout::Flow };
    Item::Sequence(recipients.iter().map(|address| text(address)).collect(), layout)
}

/// A longer list is read, and changed, a line at a time.
const MOST_ON_A_LINE: usize = 2;
