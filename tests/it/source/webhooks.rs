//! `custom_webhook` by its parts: each says one thing, and small differences of spelling make none.

use alertform::model::destination::{Endpoint, Target};
use alertform::model::resource::Resource;

use crate::source::project::{declared, errors};

fn file(content: &str) -> String {
    format!("kind: destination\nname: d\ncustom_webhook: {{{content}}}\n")
}

#[test]
fn a_host_that_is_more() {
    let host = |host: &str| errors(&[("destinations/d.yaml", &file(&format!("host: \"{host}\"")))]);
    insta::assert_snapshot!(host("https://foo/"), @r"
    destinations/d.yaml:3:18: expected a host and nothing else for `host`
      hint: such as `hooks.example.com`; `scheme`, `port` and `path` are keys of their own
    ");
    for more in ["foo:443", "foo/a", "a b", "me@foo", "foo?x", "::1", "[::1]:80", "[]"] {
        assert!(host(more).contains("expected a host and nothing else"), "{more}");
    }
}

#[test]
fn spellings() {
    for (text, wanted) in [
        ("host: foo, scheme: HTTPS, port: \"443\"", (Some("https"), "foo", Some(443))),
        ("host: \"[::1]\", scheme: Http, port: 80", (Some("http"), "[::1]", Some(80))),
        ("host: \"${FLAG}\"", (None, "false", None)),
    ] {
        let declared = declared(&[("destinations/d.yaml", &file(text))]);
        let Resource::Destination(destination) = &declared.resources[0].resource else { panic!("{text}") };
        let Target::CustomWebhook(webhook) = &destination.target else { panic!("{text}") };
        let Endpoint::Parts { scheme, host, port, .. } = &webhook.endpoint else { panic!("{text}") };
        assert_eq!((scheme.as_deref(), host.as_str(), *port), wanted, "{text}");
    }
}
