//! Everything that can happen: its kind, what it means, and what is said of it, as the contract has it.

use std::collections::BTreeSet;
use std::fmt::Write;

use kernel::pattern;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

const SCHEMAS: &str = "#/components/schemas/";

/// One kind of event.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct EventType {
    pub kind: String,
    /// What it means, in a sentence.
    pub about: String,
    /// The JSON schema of its data, with everything that it refers to.
    #[schema(value_type = Object)]
    pub schema: Value,
}

/// All kinds of events, by name.
#[derive(Clone, Debug, Default)]
pub struct Catalogue(Vec<EventType>);

impl Catalogue {
    /// Reads the kinds of events from a schema of the contract: choices of choices, down to one for each kind.
    #[must_use]
    pub fn of(contract: &Value, schema: &str) -> Self {
        let mut types = vec![];
        gather(contract, &json!({ "$ref": format!("{SCHEMAS}{schema}") }), &mut types);
        types.sort_by(|one: &EventType, other| one.kind.cmp(&other.kind));
        Self(types)
    }

    #[must_use]
    pub fn types(&self) -> &[EventType] {
        &self.0
    }

    /// The kinds that a pattern matches. One that only takes away takes away from everything.
    pub(crate) fn kinds(&self, wanted: &str) -> Vec<String> {
        let everything = wanted.starts_with('!').then_some("**");
        let matches = |kind: &str| pattern::matches(everything.into_iter().chain([wanted]), kind);
        let kinds = self.0.iter().map(|one| &one.kind);
        kinds.filter(|kind| matches(kind)).cloned().collect()
    }

    /// The catalogue as a page to read.
    #[must_use]
    pub fn page(&self) -> String {
        let mut page = String::from(
            "# What can happen\n\nMade by `switchboard contract` from the code. An event is `{\"type\": …, \"data\": …}`; \
             who may see it, how it reaches a\nreceiver and how a browser hears it stand in \
             [permissions.md](permissions.md), [webhooks.md](webhooks.md) and\n[live-protocol.md](live-protocol.md). \
             `GET /api/v1/events/types` answers the same with a JSON schema for each kind.\n\n\
             | kind | means | says |\n| --- | --- | --- |\n",
        );
        for EventType { kind, about, schema } in &self.0 {
            // Writing into a text does not fail.
            let _ = writeln!(page, "| `{kind}` | {about} | {} |", fields(schema).join(", "));
        }
        page
    }
}

fn gather(contract: &Value, schema: &Value, types: &mut Vec<EventType>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        if let Some(named) = resolve(contract, name) {
            gather(contract, named, types);
        }
        return;
    }
    let choices = schema.get("oneOf").and_then(Value::as_array);
    choices
        .into_iter()
        .flatten()
        .for_each(|choice| gather(contract, choice, types));
    if let Some(kind) = schema.pointer("/properties/type/enum/0").and_then(Value::as_str) {
        let about = schema.get("description").and_then(Value::as_str);
        types.push(EventType {
            kind: kind.to_owned(),
            about: about.map_or_else(|| in_words(kind), |about| about.replace('\n', " ")),
            schema: whole(
                contract,
                schema.pointer("/properties/data").cloned().unwrap_or_default(),
            ),
        });
    }
}

fn resolve<'a>(contract: &'a Value, name: &str) -> Option<&'a Value> {
    let name = name.strip_prefix(SCHEMAS)?;
    contract.get("components")?.get("schemas")?.get(name)
}

/// A schema that stands alone: what it refers to is in its `$defs`.
fn whole(contract: &Value, mut schema: Value) -> Value {
    let (mut wanted, mut known) = (BTreeSet::new(), BTreeSet::new());
    bring_home(&mut schema, &mut wanted);
    let mut definitions = Map::new();
    while let Some(name) = wanted.pop_first() {
        if !known.insert(name.clone()) {
            continue;
        }
        let mut named = resolve(contract, &format!("{SCHEMAS}{name}"))
            .cloned()
            .unwrap_or_default();
        bring_home(&mut named, &mut wanted);
        definitions.insert(name, named);
    }
    if let Some(fields) = schema.as_object_mut().filter(|_| !definitions.is_empty()) {
        fields.insert("$defs".into(), definitions.into());
    }
    schema
}

/// Lets references point into the schema itself, and says what they name.
fn bring_home(schema: &mut Value, wanted: &mut BTreeSet<String>) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| bring_home(item, wanted)),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                let referred = value.as_str().filter(|_| name == "$ref");
                if let Some(referred) = referred.and_then(|text| text.strip_prefix(SCHEMAS)).map(str::to_owned) {
                    *value = format!("#/$defs/{referred}").into();
                    wanted.insert(referred);
                }
                bring_home(value, wanted);
            }
        }
        _ => {}
    }
}

/// `conversation.label_added` reads "Conversation label added".
fn in_words(kind: &str) -> String {
    let words = kind.replace(['.', '_'], " ");
    let (first, rest) = words.split_at_checked(1).unwrap_or((&words, ""));
    first.to_uppercase() + rest + "."
}

/// What the data is, for readers: the name of a thing, or its fields.
fn fields(schema: &Value) -> Vec<String> {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        return vec![format!("a `{}`", name.trim_start_matches("#/$defs/"))];
    }
    let fields = schema.get("properties").and_then(Value::as_object);
    fields
        .into_iter()
        .flatten()
        .map(|(name, _)| format!("`{name}`"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue() -> Catalogue {
        let event = |kind: &str, data: Value| json!({ "properties": { "type": { "enum": [kind] }, "data": data } });
        let thing = json!({ "properties": { "part": { "$ref": "#/components/schemas/Part" } } });
        let contract = json!({ "components": { "schemas": {
            "All": { "oneOf": [{ "$ref": "#/components/schemas/Some" }] },
            "Some": { "oneOf": [
                event("thing.made", json!({ "$ref": "#/components/schemas/Thing" })),
                event("part.label_added", json!({ "properties": { "id": { "type": "string" } } })),
            ] },
            "Thing": thing,
            "Part": { "type": "string" },
        } } });
        Catalogue::of(&contract, "All")
    }

    #[test]
    fn each_kind_stands_alone_and_says_what_it_means() {
        let catalogue = catalogue();
        let [part, thing] = catalogue.types() else {
            panic!("two kinds")
        };
        assert_eq!((&*part.kind, &*part.about), ("part.label_added", "Part label added."));
        assert_eq!(thing.schema["$ref"], "#/$defs/Thing");
        assert_eq!(
            thing.schema["$defs"]["Thing"]["properties"]["part"]["$ref"],
            "#/$defs/Part"
        );
        assert_eq!(thing.schema["$defs"]["Part"]["type"], "string");
        assert!(catalogue.page().contains("| `thing.made` | Thing made. | a `Thing` |"));
    }

    #[test]
    fn a_pattern_finds_its_kinds() {
        let catalogue = catalogue();
        assert_eq!(catalogue.kinds("thing.*"), ["thing.made"]);
        assert_eq!(catalogue.kinds("!thing.*"), ["part.label_added"]);
        assert_eq!(catalogue.kinds("**").len(), 2);
    }
}
