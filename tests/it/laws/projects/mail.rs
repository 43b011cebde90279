//! Accounts and groups, and e-mails that make use of them.

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::names::{name, plain_name};
use super::{draft, name_of};

/// An account; before 2.0 names are plain, and none is of Amazon.
pub fn account(line: Line) -> BoxedStrategy<Value> {
    let smtp = ("[a-z]{1,8}\\.example", 1..=65_535_u32, "(none|ssl|start_tls)", address()).prop_map(
        |(host, port, method, from)| {
            json!({"smtp_account": {"host": host, "port": port, "method": method, "from_address": from}})
        },
    );
    if !line.has_channels() {
        return (plain_name(), smtp).prop_map(|(name, rest)| draft("email_account", name, rest)).boxed();
    }
    let role = prop::option::of(Just("arn:aws:iam::123456789012:role/mail"));
    let ses = ("(eu|us)-[a-z]{4}-[1-3]", role, address()).prop_map(|(region, role, from)| {
        let mut account = json!({"region": region, "from_address": from});
        if let Some(role) = role {
            account["role_arn"] = role.into();
        }
        json!({"ses_account": account})
    });
    (name(), prop_oneof![smtp, ses]).prop_map(|(name, rest)| draft("email_account", name, rest)).boxed()
}

/// A group of addresses.
pub fn group(line: Line) -> BoxedStrategy<Value> {
    let name = if line.has_channels() { name().boxed() } else { plain_name().boxed() };
    (name, prop::collection::vec(address(), 1..4))
        .prop_map(|(name, recipients)| draft("email_group", name, json!({"recipients": recipients})))
        .boxed()
}

/// An e-mail from each account, to all groups or to somebody.
pub fn emails(accounts: &[Value], groups: &[Value]) -> Vec<Value> {
    let groups: Vec<&str> = groups.iter().map(name_of).collect();
    let emails = accounts.iter().enumerate().map(|(number, account)| {
        let mut email = json!({"account": name_of(account)});
        if number % 2 == 0 || groups.is_empty() {
            email["recipients"] = json!(["ops@example.com", format!("a{number}@example.com")]);
        }
        if !groups.is_empty() {
            email["groups"] = json!(groups);
        }
        draft("destination", format!("mail {number}").into(), json!({ "email": email }))
    });
    emails.collect()
}

fn address() -> impl Strategy<Value = String> {
    "[a-z][a-z0-9]{0,5}(\\.[a-z]{1,4}|\\+[a-z]{1,4})?@[a-z]{1,6}\\.(example|com)"
}
