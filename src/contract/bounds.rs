//! Bounds: what our own formats allow, as patterns, and how far numbers go.

use serde_json::{Map, Value};

/// What is blank by Unicode, or NUL: spelled out, since readers of patterns differ about `\s`.
macro_rules! blank {
    () => {
        r"\u0000\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}

/// Something that is not blank, and no NUL.
const TEXT: &str = concat!(r"^[^\u0000]*[^", blank!(), r"][^\u0000]*$");
/// What is blank, or a control.
macro_rules! unprinted {
    () => {
        r"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    };
}

/// A name, and a host with a dot inside.
const EMAIL: &str = concat!(
    r"^[^@",
    unprinted!(),
    r"]+@[^@.",
    unprinted!(),
    r"][^@",
    unprinted!(),
    r"]*\.[^@",
    unprinted!(),
    r"]*[^@.",
    unprinted!(),
    r"]$"
);

/// What no address has in it: what is blank, a control or unseen, and what would end it in a text.
macro_rules! no_address {
    () => {
        r#"\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200b\u2028-\u202e\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff\ufff9-\ufffb"<>\\^`{|}"#
    };
}

/// An address of the web, whose host stands first, a mailbox or a telephone; `kernel::rich::link` says the same.
const LINK: &str = concat!(
    r"^(https?://[^/?#@",
    no_address!(),
    r"]+([/?#][^",
    no_address!(),
    r"]*)?|(mailto|tel):[^",
    no_address!(),
    r"]+)$"
);

/// What a handler writes as `format`, and the pattern that it stands for.
const FORMATS: [(&str, &str); 9] = [
    ("text", TEXT),
    ("line", r"^[^\u0000]*$"),
    ("email", EMAIL),
    ("cursor", api::CURSOR_PATTERN),
    ("link", LINK),
    ("visible", "^[!-~]+$"),
    ("address", "^https?://[!-~]+$"),
    ("color", "^#[0-9A-Fa-f]{6}$"),
    (
        "origin",
        r"^https?://(\*\.)?([A-Za-z0-9.-]+|\[(::1|[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7})\])(:[0-9]{1,5})?$",
    ),
];

/// How far numbers of a size go.
fn range(format: &str) -> Option<(Value, Value)> {
    match format {
        "int64" => Some((i64::MIN.into(), i64::MAX.into())),
        "int32" => Some((i32::MIN.into(), i32::MAX.into())),
        _ => None,
    }
}

pub(super) fn complete(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(complete),
        Value::Object(schema) => {
            spell_out(schema);
            schema.values_mut().for_each(complete);
        }
        _ => {}
    }
}

fn spell_out(schema: &mut Map<String, Value>) {
    let Some(format) = schema.get("format").and_then(Value::as_str).map(str::to_owned) else {
        return;
    };
    if let Some((_, pattern)) = FORMATS.iter().find(|(name, _)| *name == format) {
        schema.insert("pattern".into(), (*pattern).into());
        schema.remove("format");
    }
    if let Some((least, most)) = range(&format) {
        schema.entry("minimum").or_insert(least);
        schema.entry("maximum").or_insert(most);
    }
}
