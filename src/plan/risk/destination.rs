//! What an update of a destination, an account or a group puts at risk.

use super::{Kind, Risk};
use crate::model::destination::{Destination, Email, Target};
use crate::one_line::one_line;

/// What delivers no more, leads elsewhere, or reaches others.
pub fn of_destination(before: &Destination, after: &Destination) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Kind::Mutes.into());
    }
    let mut told = |kind: Kind, ones: &[String], others: &[String]| {
        let alone = ones.iter().filter(|one| !others.contains(one));
        risks.extend(alone.map(|told| kind.of(format!("`{}`", one_line(told)))));
    };
    let (leads_elsewhere, delivers_otherwise) = match (&before.target, &after.target) {
        (Target::CustomWebhook(was), Target::CustomWebhook(is)) => (was.endpoint != is.endpoint, was != is),
        (Target::Email(was), Target::Email(is)) => {
            let names = |email: &Email| {
                let groups = email.groups.iter().map(|group| group.as_str().to_owned());
                email.recipients.iter().cloned().chain(groups).collect::<Vec<_>>()
            };
            told(Kind::Loses, &names(was), &names(is));
            told(Kind::Gains, &names(is), &names(was));
            (false, was.account != is.account)
        }
        (Target::EmailGroup { recipients: were }, Target::EmailGroup { recipients: are }) => {
            told(Kind::Loses, were, are);
            told(Kind::Gains, are, were);
            (false, false)
        }
        (Target::SmtpAccount(was), Target::SmtpAccount(is)) => {
            ((&was.host, was.port) != (&is.host, is.port), was != is)
        }
        (Target::SesAccount(was), Target::SesAccount(is)) => (false, was != is),
        (was, is) => (was != is, false),
    };
    if leads_elsewhere {
        risks.push(Kind::Diverts.into());
    } else if delivers_otherwise {
        risks.push(Kind::DeliversOtherwise.into());
    }
    risks
}
