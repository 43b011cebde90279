//! The shipped example loads on a fresh machine: nothing is set there.

use std::collections::BTreeMap;
use std::path::Path;

use alertform::source::load;
use alertform::source::settings;

#[test]
fn loads_without_any_variable() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let declared = load(root, &BTreeMap::new()).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let keys: Vec<String> =
        declared.resources.iter().map(|declaration| declaration.resource.key().to_string()).collect();
    insta::assert_snapshot!(keys.join("\n"), @r"
    destination `on-call`
    destination `ops-slack`
    destination `security-chime`
    monitor `backup-heartbeat`
    monitor `checkout-http-5xx`
    monitor `disk-watermark`
    monitor `failed-logins`
    monitor `vpc-flowlogs-outbound-reject`
    ");
    assert_eq!(declared.warnings, []);
    assert_eq!(settings::load(root).unwrap().project.as_deref(), Some("example"));
}
