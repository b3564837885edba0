//! Where the bytes of files are.

use std::fmt::Debug;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;

use kernel::{JobId, TenantId};

/// Whose file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub tenant: TenantId,
    pub job: JobId,
}

/// Keeps files. What it does may take a while: it is called where that is allowed.
pub trait Shelf: Debug + Send + Sync {
    /// Makes these bytes follow the first `from` ones, durably. `UnexpectedEof` says that those are lost.
    fn append(&self, at: Place, from: u64, bytes: &[u8]) -> io::Result<()>;

    /// Returns up to `most` bytes from a place on; none at the end.
    fn read(&self, at: Place, from: u64, most: usize) -> io::Result<Vec<u8>>;

    /// Says how long a file is; `NotFound` if there is none.
    fn length(&self, at: Place) -> io::Result<u64>;

    /// Removes a file, if it is there.
    fn remove(&self, at: Place) -> io::Result<()>;

    /// Returns the jobs of a tenant that have one.
    fn all(&self, tenant: TenantId) -> io::Result<Vec<JobId>>;
}

/// A folder with one for each tenant in it, with one for each job.
#[derive(Debug)]
pub struct Folder(PathBuf);

const NAME: &str = "result";

impl Folder {
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    fn of(&self, at: Place) -> PathBuf {
        self.0.join(at.tenant.to_string()).join(at.job.to_string())
    }
}

impl Shelf for Folder {
    fn append(&self, at: Place, from: u64, bytes: &[u8]) -> io::Result<()> {
        let folder = self.of(at);
        if from == 0 {
            // What customers said is nobody else's business.
            DirBuilder::new().recursive(true).mode(0o700).create(&folder)?;
        }
        let mut options = File::options();
        let file = options.write(true).create(from == 0).truncate(false);
        let mut file = match file.open(folder.join(NAME)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(ErrorKind::UnexpectedEof.into()),
            file => file?,
        };
        if file.metadata()?.len() < from {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        file.set_len(from)?;
        file.seek(SeekFrom::Start(from))?;
        file.write_all(bytes)?;
        file.sync_data()
    }

    fn read(&self, at: Place, from: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.of(at).join(NAME))?;
        file.seek(SeekFrom::Start(from))?;
        let mut bytes = Vec::with_capacity(most);
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn length(&self, at: Place) -> io::Result<u64> {
        Ok(fs::metadata(self.of(at).join(NAME))?.len())
    }

    fn remove(&self, at: Place) -> io::Result<()> {
        match fs::remove_dir_all(self.of(at)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn all(&self, tenant: TenantId) -> io::Result<Vec<JobId>> {
        let entries = match fs::read_dir(self.0.join(tenant.to_string())) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
            entries => entries?,
        };
        let names = entries.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
        let names: io::Result<Vec<_>> = names.collect();
        Ok(names?.iter().filter_map(|name| name.parse().ok()).collect())
    }
}
