//! Writes the Kotlin, Swift or Python side of the library.
//!
//! ```text
//! doorstep-bindgen LANGUAGE LIBRARY OUT_DIR [CONFIG]
//! ```
//!
//! The library is the unstripped cdylib: names and documentation are read from its symbols. The
//! configuration names the Kotlin package; ours is `mobile-bindings/uniffi.toml`.

use std::env::args;

use anyhow::{Result, bail};
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

fn main() -> Result<()> {
    let args: Vec<String> = args().skip(1).collect();
    let (language, library, out_dir, config) = match args.as_slice() {
        [language, library, out_dir] => (language, library, out_dir, None),
        [language, library, out_dir, config] => (language, library, out_dir, Some(config)),
        _ => bail!("write doorstep-bindgen kotlin|swift|python LIBRARY OUT_DIR [CONFIG]"),
    };
    let language = match language.as_str() {
        "kotlin" => TargetLanguage::Kotlin,
        "swift" => TargetLanguage::Swift,
        "python" => TargetLanguage::Python,
        other => bail!("{other}: write kotlin, swift or python"),
    };
    generate(GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: out_dir.into(),
        config_override: config.map(Into::into),
        ..GenerateOptions::default()
    })
}
