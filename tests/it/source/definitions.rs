//! `definition`: what is said of a monitor or a destination in the API's own words.

use crate::source::project::warnings;

const MONITOR: &str =
    "kind: monitor\nname: m\ndefinition:\n  schedule: {period: {interval: 5, unit: MINUTES}}\n";

fn warned(text: &str) -> String {
    warnings(&[("monitors/m.yaml", &format!("{MONITOR}{text}"))])
}

#[test]
fn misspelt_types_of_monitors() {
    insta::assert_snapshot!(warned("  monitor_type: QUERY_LEVEL_MONITOR\n"), @r"
    monitors/m.yaml:5:17: no server runs monitors of this type `QUERY_LEVEL_MONITOR`
      hint: did you mean `query_level_monitor`?
    ");
    insta::assert_snapshot!(warned("  monitor_type: doc_level_montior\n"), @r"
    monitors/m.yaml:5:17: no server runs monitors of this type `doc_level_montior`
      hint: did you mean `doc_level_monitor`?
    ");
    assert_eq!(warned("  monitor_type: remote_thing\n"), "");
}

#[test]
fn more_triggers_than_most_servers_take() {
    let triggers: String = (0..11)
        .map(|n| {
            format!("    - {{name: t{n}, severity: 1, condition: {{script: {{source: a, lang: painless}}}}, actions: []}}\n")
        })
        .collect();
    insta::assert_snapshot!(warned(&format!("  triggers:\n{triggers}")), @r"
    monitors/m.yaml:16:7: 11 triggers in one monitor, only servers from 3.6 on can be set to take more than 10
      hint: split the monitor in two
    ");
}
