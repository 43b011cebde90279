//! The ids that we choose for channels: each says whose the channel is, and for which name it was made.

use sha2::{Digest, Sha256};

use super::mark::UNNAMED;
use crate::model::hex::hex;
use crate::model::resource::{Key, Kind};

/// The `config_id` of the channel that is `key` of `project`: readable, of the characters that a `config_id` may have
/// (`[A-Za-z0-9+/_-]`, at most 512 bytes), told from any other name's by a digest where letters had to go, and from
/// those of another kind by what no other id has twice, a `_` after the project.
pub fn of(project: &str, Key { kind, name }: &Key) -> String {
    let name = name.as_str();
    let kind = match kind {
        Kind::Destination => String::new(),
        other => format!("{}__", other.as_str().replace('_', "-")),
    };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).take(64).collect();
    if plain == name {
        format!("alertform_{project}_{kind}{plain}")
    } else {
        format!("alertform_{project}_{kind}{plain}_{}", hex(&Sha256::digest(name)[..6]))
    }
}

/// The project for which a `config_id` was made by [`of`]; no name of a project but [`UNNAMED`] has a `_`.
pub fn project_of(config_id: &str) -> Option<&str> {
    let rest = config_id.strip_prefix("alertform_")?;
    if rest.starts_with("__") {
        return Some(UNNAMED);
    }
    rest.split_once('_').map(|(project, _)| project)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_ids_of_different_names_differ() {
        let id = |kind, name: &str| of("shop", &Key { kind, name: name.into() });
        let ids = ["ops", "ops room", "ops-room", "ops.room", "öps", "email-account", "email-account__ops"]
            .map(|name| id(Kind::Destination, name));
        let others = [Kind::EmailAccount, Kind::EmailGroup].map(|kind| id(kind, "ops"));
        let ids = [&ids[..], &others[..]].concat();
        assert_eq!(ids[0], "alertform_shop_ops");
        assert_eq!(ids[2], "alertform_shop_ops-room");
        for (index, id) in ids.iter().enumerate() {
            assert!(!ids[..index].contains(id), "{id} stands for two names");
            assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)), "{id}");
        }
    }

    #[test]
    fn a_config_id_tells_its_project() {
        for project in ["shop", "shop-2", UNNAMED] {
            for name in ["ops", "ops_room", "", "öps"] {
                for kind in [Kind::Destination, Kind::EmailAccount] {
                    let id = of(project, &Key { kind, name: name.into() });
                    assert_eq!(project_of(&id), Some(project), "{id}");
                }
            }
        }
        for foreign in ["", "alertform", "alertform_", "ops", "x_alertform_shop_ops"] {
            assert_eq!(project_of(foreign), None, "{foreign}");
        }
    }
}
