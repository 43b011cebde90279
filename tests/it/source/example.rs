//! The shipped example loads on a fresh machine: nothing is set there.

use std::path::Path;

use alertform::config::Process;
use alertform::source::project_file;
use alertform::source::{Surroundings, load};

#[test]
fn loads_without_any_variable() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let declared = load(root, &Surroundings::default()).unwrap_or_else(|findings| panic!("{findings:#?}"));
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
    assert_eq!(
        project_file::load(root, &Process::default()).unwrap().settings.project.as_deref(),
        Some("example")
    );
}
