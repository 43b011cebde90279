//! Files that hold secrets: nobody but their owner may read them.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes or empties a file, and takes everybody else's rights to it before anything is written.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, OWNER_ONLY);
    let file = options.open(path)?;
    // the mode above is that of a new file alone
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(OWNER_ONLY))?;
    Ok(file)
}

#[cfg(unix)]
const OWNER_ONLY: u32 = 0o600;
