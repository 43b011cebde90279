//! `email`, and the accounts and groups that it makes use of, in one spelling for both of their lives.

use crate::api::wire::email::METHODS;
use crate::model::destination::{Email, SesAccount, SmtpAccount};
use crate::model::part::Part;
use crate::model::reference::Reference;
use crate::model::resource::Kind;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::read::destination::is_arn;
use crate::source::read::reference;
use crate::source::read::resource::Notes;
use crate::source::report::Report;
use crate::source::words::suggestion;
use crate::source::yaml::{Content, Node};

/// Reads `email`.
pub fn email(node: &Node, notes: &mut Notes, report: &Report) -> Option<Email> {
    let fields = Fields::of(node, "`email`", &["account", "recipients", "groups"], report)?;
    let account = fields.need("account", "add the name of an `email_account`: `account: ops_mail`");
    let account = account.and_then(|node| {
        notes.places.note(Part::Account, &node.place);
        reference::read(node, "account", Kind::EmailAccount, notes, report)
    });
    let recipients = match fields.get("recipients") {
        None => Some(Vec::new()),
        Some(_) => recipients(&fields, report),
    };
    let groups = match fields.get("groups") {
        None => &[][..],
        Some(Node { content: Content::Sequence(items), .. }) => items,
        Some(node) => std::slice::from_ref(node),
    };
    let groups: Vec<_> = groups
        .iter()
        .enumerate()
        .map(|(index, node)| {
            notes.places.note(Part::group(index), &node.place);
            reference::read(node, "groups", Kind::EmailGroup, notes, report)
        })
        .collect();
    let groups: Option<Vec<Reference>> = groups.into_iter().collect();
    let email = Email { account: account?, recipients: recipients?, groups: groups? };
    if is_to_nobody(&email) {
        let finding = Finding::at(&node.place, TO_NOBODY);
        if fields.get("recipients").is_none() {
            report.error(finding.hint("add `recipients: [ops@example.com]`, or `groups: [on_call]`"));
            return None;
        }
        report.warning(finding.hint("name a recipient or a group"));
    }
    Some(email)
}

/// Whether nobody gets an e-mail; servers store it, and so it may be there already.
pub fn is_to_nobody(email: &Email) -> bool {
    email.recipients.is_empty() && email.groups.is_empty()
}

/// What is said of such an e-mail.
pub const TO_NOBODY: &str = "an e-mail to nobody";

/// Reads `smtp_account`.
pub fn smtp_account(node: &Node, report: &Report) -> Option<SmtpAccount> {
    let fields = Fields::of(node, "`smtp_account`", &["host", "port", "method", "from_address"], report)?;
    let host = fields.need_text("host", "add it: `host: smtp.example.com`");
    let port = fields.need("port", "add it: `port: 587`").and_then(|_| fields.whole("port", 1..=65_535));
    let method = fields.need_text("method", "add it: `method: start_tls`");
    if let Some(method) = method.filter(|method| !METHODS.contains(method)) {
        fields.refuse("method", "unknown `method` of encryption", suggestion(method, &METHODS));
    }
    let from_address = from_address(&fields);
    Some(SmtpAccount {
        host: host?.to_owned(),
        port: port?.into(),
        method: method?.to_owned(),
        from_address: from_address?,
    })
}

/// Reads `ses_account`.
pub fn ses_account(node: &Node, report: &Report) -> Option<SesAccount> {
    let fields = Fields::of(node, "`ses_account`", &["region", "role_arn", "from_address"], report)?;
    let region = fields.need_text("region", "add it: `region: us-east-1`");
    let role_arn = fields.text("role_arn");
    if role_arn.is_some_and(|role_arn| !is_arn(role_arn, "iam")) {
        let hint = "such as `arn:aws:iam::123456789012:role/alerts`";
        fields.refuse("role_arn", "expected the ARN of a role for `role_arn`", hint);
    }
    let from_address = from_address(&fields);
    let role_arn = role_arn.map(str::to_owned);
    Some(SesAccount { region: region?.to_owned(), role_arn, from_address: from_address? })
}

/// Reads the addresses of `recipients`.
pub fn recipients(fields: &Fields<'_>, report: &Report) -> Option<Vec<String>> {
    let node = fields.get("recipients")?;
    let recipients = fields.texts("recipients")?;
    let nodes = match &node.content {
        Content::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    for (address, node) in recipients.iter().zip(nodes).filter(|(address, _)| !is_address(address)) {
        report.error(bad_address(node, address));
    }
    Some(recipients)
}

/// Whether a text may be an address; what is a good one in detail, the server says.
pub fn is_address(text: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;".contains(c);
    text.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        && !text.contains(is_odd)
}

fn from_address(fields: &Fields<'_>) -> Option<String> {
    let address = fields.need_text("from_address", "add it: `from_address: alerts@example.com`")?;
    if !is_address(address) {
        fields.refuse("from_address", "expected an e-mail address for `from_address`", ADDRESS);
    }
    Some(address.to_owned())
}

fn bad_address(node: &Node, address: &str) -> Finding {
    let shown = if node.is_filled { "this text".to_owned() } else { format!("`{address}`") };
    Finding::at(&node.place, format!("expected an e-mail address, found {shown}")).hint(ADDRESS)
}

const ADDRESS: &str = "such as `ops@example.com`, without a name around it";
