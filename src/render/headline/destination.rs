//! What an update of a destination, an account or a group changes, in words.

use std::collections::{BTreeMap, BTreeSet};

use super::Words;
use crate::model::destination::{Destination, Target, addresses};
use crate::model::secret::{COVER, Secret};
use crate::one_line::quoted;

/// What a destination, an account or a group has otherwise; both with their secrets covered.
pub fn of_destination(before: &Destination, after: &Destination) -> Vec<String> {
    let mut words = Words::default();
    words.name(&before.name, &after.name);
    words.enabled(before.enabled, after.enabled);
    words.differs("description", &before.description, &after.description);
    match (&before.target, &after.target) {
        (Target::Slack { url: was }, Target::Slack { url: is })
        | (Target::Chime { url: was }, Target::Chime { url: is }) => words.differs("url", was, is),
        (Target::CustomWebhook(was), Target::CustomWebhook(is)) => {
            words.differs("url", &was.endpoint, &is.endpoint);
            words.values("method", &was.method, &is.method);
            words.headers(&was.header_params, &is.header_params);
            words.optional("username", was.username.as_ref(), is.username.as_ref());
            words.optional("password", was.password.as_ref(), is.password.as_ref());
        }
        (Target::Email(was), Target::Email(is)) => {
            if was.account != is.account {
                words.say(format!(
                    "account {} -> {}",
                    quoted(was.account.as_str()),
                    quoted(is.account.as_str())
                ));
            }
            words.mailed(&was.mailed(), &is.mailed());
        }
        (Target::EmailGroup { recipients: was }, Target::EmailGroup { recipients: is }) => {
            words.mailed(&addresses(was), &addresses(is));
        }
        (Target::SmtpAccount(was), Target::SmtpAccount(is)) => {
            words.values("host", &was.host, &is.host);
            words.values("port", &was.port.to_string(), &is.port.to_string());
            words.values("method", &was.method, &is.method);
            words.values("from_address", &was.from_address, &is.from_address);
        }
        (Target::SesAccount(was), Target::SesAccount(is)) => {
            words.values("region", &was.region, &is.region);
            words.optional("role_arn", was.role_arn.as_ref(), is.role_arn.as_ref());
            words.values("from_address", &was.from_address, &is.from_address);
        }
        (Target::Other { kind: was, .. }, Target::Other { kind, .. }) if was == kind => {
            if before.target != after.target {
                words.say(quoted(kind));
            }
        }
        _ => words.say("another type".to_owned()),
    }
    words.said
}

impl Words<'_> {
    fn differs<T: PartialEq>(&mut self, key: &str, before: &T, after: &T) {
        if before != after {
            self.say(format!("`{key}`"));
        }
    }

    /// A short value as it was and as it is.
    fn values(&mut self, key: &str, before: &str, after: &str) {
        const MOST: usize = 40;
        let can_be_quoted =
            |text: &str| !text.contains(['`', '\n']) && !text.contains(COVER) && text.chars().count() <= MOST;
        if before != after && can_be_quoted(before) && can_be_quoted(after) {
            self.say(format!("{key} {} -> {}", quoted(before), quoted(after)));
        } else {
            self.differs(key, &before, &after);
        }
    }

    /// What comes, goes or changes, without its value.
    fn optional<T: PartialEq>(&mut self, what: &str, before: Option<&T>, after: Option<&T>) {
        match (before, after) {
            (Some(_), None) => self.say(format!("{what} goes")),
            (None, Some(_)) => self.say(format!("new {what}")),
            (was, is) if was != is => self.say(format!("{what} changes")),
            _ => {}
        }
    }

    fn headers(&mut self, before: &BTreeMap<String, Secret>, after: &BTreeMap<String, Secret>) {
        for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            self.optional(&format!("header {}", quoted(name)), before.get(name), after.get(name));
        }
    }

    /// Who gets mail that did not, and who does not any more.
    fn mailed(&mut self, before: &[String], after: &[String]) {
        let gained: Vec<&String> = after.iter().filter(|who| !before.contains(who)).collect();
        let lost: Vec<&String> = before.iter().filter(|who| !after.contains(who)).collect();
        if let ([was], [is]) = (lost.as_slice(), gained.as_slice()) {
            self.say(format!("mails {is} instead of {was}"));
            return;
        }
        for who in gained {
            self.say(format!("mails {who}"));
        }
        for who in lost {
            self.say(format!("no longer mails {who}"));
        }
    }
}
