//! Where things are: the workspace, its target directory, and the user's cache.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};

use crate::process;

/// The directory of ours below the user's cache directory.
const CACHE_NAME: &str = "exokernel-playground";

/// The repository's checkout.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// Its top directory.
    pub root: PathBuf,
    /// Where its builds go.
    pub target: PathBuf,
}

impl Workspace {
    /// The checkout that this command was started from.
    pub fn locate() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR")
            .unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .ancestors()
            .nth(2)
            .filter(|root| root.join("Trunk.toml").is_file())
            .ok_or_else(|| anyhow!("the playground's checkout was not found from {manifest:?}"))?
            .to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(target) => root.join(target),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Where the built page is.
    pub fn page(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A file of this program's own in the target directory.
    pub fn own_file(&self, name: &str) -> PathBuf {
        self.target.join("xtask").join(name)
    }
}

/// The cache that every clone of this user shares.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache's place on this machine; nothing is made there yet.
    pub fn locate() -> Result<Self> {
        let root = cache_root(std::env::var_os("XDG_CACHE_HOME"), std::env::home_dir())
            .context("there is no place for the tools: set HOME or XDG_CACHE_HOME")?;
        Ok(Self { root })
    }

    /// A path inside the cache.
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// The log of a silent program.
    pub fn log(&self, name: &str) -> PathBuf {
        self.root.join("logs").join(format!("{name}.log"))
    }

    /// Keeps other set-ups out until the result is dropped.
    pub fn lock(&self) -> Result<File> {
        process::lock(&self.root.join("lock"), "setting up")
    }

    /// Fills the directory `place`, so that it is there whole or not at all.
    ///
    /// What an interrupted attempt left is removed first.
    pub fn fill(&self, place: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let name = place.file_name().context("a place has a name")?;
        let draft = place.with_file_name(format!(".{}.draft", name.to_string_lossy()));
        remove_directory(&draft)?;
        fs::create_dir_all(&draft)
            .with_context(|| format!("{} cannot be made", draft.display()))?;
        fill(&draft)?;
        remove_directory(place)?;
        fs::rename(&draft, place).with_context(|| format!("{} cannot be made", place.display()))
    }
}

/// Removes a directory and what is in it, if it is there.
pub fn remove_directory(directory: &Path) -> Result<()> {
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("{} cannot be removed", directory.display()))
        }
        _ => Ok(()),
    }
}

/// The cache's directory: below `XDG_CACHE_HOME` if that is an absolute path, else below the home directory.
fn cache_root(xdg: Option<OsString>, home: Option<PathBuf>) -> Option<PathBuf> {
    let base = xdg.map(PathBuf::from).filter(|path| path.is_absolute());
    let base = base.or_else(|| Some(home?.join(".cache")))?;
    Some(base.join(CACHE_NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_follows_the_users_setting() {
        let root = cache_root(Some("/elsewhere".into()), Some("/home/ada".into()));
        assert_eq!(root, Some("/elsewhere/exokernel-playground".into()));
    }

    #[test]
    fn an_unset_or_relative_setting_means_the_home_directory() {
        let usual = Some(PathBuf::from("/home/ada/.cache/exokernel-playground"));
        assert_eq!(cache_root(None, Some("/home/ada".into())), usual);
        assert_eq!(cache_root(Some("".into()), Some("/home/ada".into())), usual);
        assert_eq!(
            cache_root(Some("x".into()), Some("/home/ada".into())),
            usual
        );
        assert_eq!(cache_root(None, None), None);
    }

    #[test]
    fn a_failed_filling_leaves_no_place_behind() {
        let root = std::env::temp_dir().join(format!("xtask-fill-{}", std::process::id()));
        let cache = Cache { root: root.clone() };
        let place = cache.join("tools/one");
        assert!(cache.fill(&place, |_| Err(anyhow!("no"))).is_err());
        assert!(!place.exists());
        let filled = cache.fill(&place, |draft| Ok(fs::write(draft.join("file"), "")?));
        let (filled, there) = (filled.is_ok(), place.join("file").exists());
        fs::remove_dir_all(root).unwrap();
        assert!(filled && there);
    }
}
