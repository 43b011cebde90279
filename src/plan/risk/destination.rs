//! What an update of a destination, an account or a group puts at risk.

use super::{Kind, Risk};
use crate::model::destination::{Destination, Target, addresses};

/// What delivers no more, leads elsewhere, or reaches others; both with their secrets covered.
pub fn of_destination(before: &Destination, after: &Destination) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Kind::Mutes.into());
    }
    let mut told = |kind: Kind, ones: Vec<String>, others: &[String]| {
        risks.extend(ones.into_iter().filter(|one| !others.contains(one)).map(|told| kind.of(told)));
    };
    let (leads_elsewhere, delivers_otherwise) = match (&before.target, &after.target) {
        (Target::CustomWebhook(was), Target::CustomWebhook(is)) => (was.endpoint != is.endpoint, was != is),
        (Target::Email(was), Target::Email(is)) => {
            told(Kind::Loses, was.mailed(), &is.mailed());
            told(Kind::Gains, is.mailed(), &was.mailed());
            (false, was.account != is.account)
        }
        (Target::EmailGroup { recipients: were }, Target::EmailGroup { recipients: are }) => {
            told(Kind::Loses, addresses(were), &addresses(are));
            told(Kind::Gains, addresses(are), &addresses(were));
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
