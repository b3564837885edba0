//! Lists the migrations' sources, so that their fingerprint can be taken at run time.

use std::{env, error::Error, fmt::Write, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../migrations");
    // A folder's own line also rebuilds the crate when a migration appears or goes away.
    println!("cargo:rerun-if-changed={}", root.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&root)? {
        let path = entry?.path();
        if path.join("up.sql").is_file() {
            names.push(path);
        }
    }
    names.sort();
    let mut code = String::from("&[\n");
    for path in names {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let up = path.join("up.sql").canonicalize()?;
        println!("cargo:rerun-if-changed={}", up.display());
        writeln!(code, "    ({name:?}, include_str!({up:?})),")?;
    }
    code.push(']');
    let out = Path::new(&env::var("OUT_DIR")?).join("migrations.rs");
    // An unchanged file keeps its time, so nothing is built again for it.
    if fs::read_to_string(&out).ok().as_deref() != Some(&code) {
        fs::write(out, code)?;
    }
    Ok(())
}
