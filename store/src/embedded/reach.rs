//! Which folders an account can walk through, and where to go instead when it cannot.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use super::{
    account::Account,
    error::{EmbeddedError, file},
};

/// Where root keeps what other accounts must reach, when the data folder is closed to them.
const ELSEWHERE: &str = "/var/lib/switchboard";

/// [`ELSEWHERE`], as a path.
pub(super) fn elsewhere() -> PathBuf {
    PathBuf::from(ELSEWHERE)
}

/// The first folder on the way to `path` that the account may not enter.
pub(super) fn wall(path: &Path, account: &Account) -> Option<PathBuf> {
    if !account.steps_down {
        return None;
    }
    let mut folders: Vec<&Path> = path.ancestors().collect();
    folders.reverse();
    folders
        .into_iter()
        .find(|folder| !may_enter(folder, account))
        .map(Path::to_owned)
}

fn may_enter(folder: &Path, account: &Account) -> bool {
    // What does not exist yet is made later, with the right mode.
    let Ok(meta) = fs::metadata(folder) else {
        return true;
    };
    let bit = if meta.uid() == account.uid {
        0o100
    } else if meta.gid() == account.gid {
        0o010
    } else {
        0o001
    };
    meta.mode() & bit != 0
}

/// Makes the folder root uses instead, or says why it cannot serve.
pub(super) fn make_elsewhere(path: &Path, account: &Account) -> Result<PathBuf, EmbeddedError> {
    let elsewhere = elsewhere();
    let out_of_reach = |reason: String| EmbeddedError::OutOfReach {
        account: account.name.clone(),
        path: path.to_owned(),
        wall: wall(path, account).unwrap_or_default(),
        elsewhere: elsewhere.clone(),
        reason,
    };
    fs::create_dir_all(&elsewhere).map_err(|error| out_of_reach(error.to_string()))?;
    match wall(&elsewhere, account) {
        Some(wall) => Err(out_of_reach(format!("{} is closed too", wall.display()))),
        None => Ok(elsewhere),
    }
}

/// Copies a folder with its links and modes, whole or not at all.
pub(super) fn copy_tree(from: &Path, to: &Path, account: &Account) -> Result<(), EmbeddedError> {
    if to.is_dir() {
        return Ok(());
    }
    make_elsewhere(from, account)?;
    let part = to.with_extension(format!("part-{}", uuid::Uuid::now_v7().simple()));
    copy_into(from, &part)?;
    match fs::rename(&part, to) {
        // Another server may have been quicker; its copy is as good.
        Err(_) if to.is_dir() => fs::remove_dir_all(&part).map_err(file("remove", &part)),
        done => done.map_err(file("create", to)),
    }
}

fn copy_into(from: &Path, to: &Path) -> Result<(), EmbeddedError> {
    fs::create_dir_all(to).map_err(file("create", to))?;
    fs::set_permissions(to, Permissions::from_mode(0o755)).map_err(file("open up", to))?;
    for entry in fs::read_dir(from).map_err(file("read", from))? {
        let source = entry.map_err(file("read", from))?.path();
        let target = to.join(source.file_name().unwrap_or_default());
        let meta = fs::symlink_metadata(&source).map_err(file("read", &source))?;
        if meta.is_symlink() {
            let link = fs::read_link(&source).map_err(file("read", &source))?;
            std::os::unix::fs::symlink(link, &target).map_err(file("create", &target))?;
        } else if meta.is_dir() {
            copy_into(&source, &target)?;
        } else {
            fs::copy(&source, &target).map_err(file("copy to", &target))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_is_the_first_folder_closed_to_the_account() {
        let root = tempfile::tempdir().unwrap();
        let closed = root.path().join("closed");
        let inner = closed.join("inner");
        fs::create_dir_all(&inner).unwrap();
        let set = |mode| fs::set_permissions(&closed, Permissions::from_mode(mode)).unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
        let stranger = Account {
            name: "stranger".to_owned(),
            uid: 64_000,
            gid: 64_000,
            steps_down: true,
        };

        set(0o700);
        assert_eq!(wall(&inner, &stranger), Some(closed.clone()));
        set(0o711);
        assert_eq!(wall(&inner, &stranger), None);
        set(0o700);
        let ourselves = Account {
            steps_down: false,
            ..stranger
        };
        assert_eq!(wall(&inner, &ourselves), None);
    }

    #[test]
    fn a_copied_tree_keeps_links_and_modes() {
        let root = tempfile::tempdir().unwrap();
        let from = root.path().join("from");
        fs::create_dir_all(from.join("bin")).unwrap();
        fs::write(from.join("bin/tool"), "x").unwrap();
        fs::set_permissions(from.join("bin/tool"), Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink("tool", from.join("bin/link")).unwrap();

        let to = root.path().join("to");
        copy_into(&from, &to).unwrap();
        let mode = fs::metadata(to.join("bin/tool")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o755);
        assert_eq!(fs::read_link(to.join("bin/link")).unwrap(), Path::new("tool"));
    }
}
