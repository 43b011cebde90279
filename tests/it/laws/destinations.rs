//! Destinations, accounts and groups of all shapes, most of which no server would take.

use alertform::model::destination::{
    CustomWebhook, Destination, Email, Endpoint, SesAccount, SmtpAccount, Target,
};
use alertform::model::json::Json;
use alertform::model::name::Name;
use alertform::model::reference::Reference;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::texts::{filled_text, key, secret, text, url};

pub fn destination() -> impl Strategy<Value = Destination> {
    (filled_text(), text(), any::<bool>(), target()).prop_map(|(name, description, enabled, target)| {
        Destination { name: Name::new(name), description, enabled, target }
    })
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        url().prop_map(|url| Target::Slack { url }),
        url().prop_map(|url| Target::Chime { url }),
        webhook().prop_map(|webhook| Target::CustomWebhook(Box::new(webhook))),
        (reference(), addresses(), prop::collection::vec(reference(), 0..3))
            .prop_map(|(account, recipients, groups)| Target::Email(Email { account, recipients, groups })),
        (filled_text(), -1..70_000_i64, "(none|ssl|start_tls)", address()).prop_map(
            |(host, port, method, from_address)| {
                Target::SmtpAccount(SmtpAccount { host, port, method, from_address })
            }
        ),
        (filled_text(), prop::option::of(arn()), address()).prop_map(|(region, role_arn, from_address)| {
            Target::SesAccount(SesAccount { region, role_arn, from_address })
        }),
        addresses().prop_map(|recipients| Target::EmailGroup { recipients }),
        other().prop_map(|(kind, body)| Target::Other { kind: kind.to_owned(), body: Json::of(&body) }),
    ]
}

fn other() -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        text().prop_map(|url| ("microsoft_teams", json!({"url": url}))),
        text().prop_map(|url| ("mattermost", json!({"url": url}))),
        text().prop_map(|topic| ("sns", json!({"topic_arn": topic}))),
        (text(), arn()).prop_map(|(topic, role)| ("sns", json!({"topic_arn": topic, "role_arn": role}))),
        Just(("test_action", json!("dummy"))),
        (text(), 70_000..80_000_i64)
            .prop_map(|(host, port)| ("custom_webhook", json!({"host": host, "port": port}))),
        (text(), text()).prop_map(|(url, host)| ("custom_webhook", json!({"url": url, "host": host}))),
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z.+]{1,9}@[a-z]{1,9}\\.example", 1 => filled_text()]
}

fn addresses() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(address(), 0..4)
}

fn arn() -> impl Strategy<Value = String> {
    prop_oneof![Just("arn:aws:iam::123456789012:role/alerts".to_owned()), filled_text()]
}

pub fn reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        4 => filled_text().prop_map(|name| Reference::Name(Name::new(name))),
        1 => "[a-z0-9]{6,12}".prop_map(Reference::Id),
    ]
}

fn webhook() -> impl Strategy<Value = CustomWebhook> {
    let secrets = || prop::collection::btree_map(key(), secret(), 0..3);
    let parts = (
        prop::option::of("https?"),
        filled_text(),
        prop::option::of(1..u16::MAX),
        prop::option::of(secret()),
        secrets(),
    );
    let endpoint = prop_oneof![
        url().prop_map(Endpoint::Url),
        parts.prop_map(|(scheme, host, port, path, query_params)| Endpoint::Parts {
            scheme,
            host,
            port,
            path,
            query_params
        }),
    ];
    let method = prop_oneof![Just("POST".to_owned()), Just("PUT".to_owned()), filled_text()];
    (endpoint, method, secrets(), prop::option::of(text()), prop::option::of(secret())).prop_map(
        |(endpoint, method, header_params, username, password)| CustomWebhook {
            endpoint,
            method,
            header_params,
            username,
            password,
        },
    )
}
