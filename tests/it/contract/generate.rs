//! Values that a schema allows, and values that it forbids. The same seed gives the same values.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::strategy::{Strategy, ValueTree};
use proptest::string::string_regex;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::schema::{check, list, resolve, types};
use crate::support::in_seconds;

/// Where values come from.
pub(crate) struct Source {
    contract: Arc<Value>,
    runner: TestRunner,
    /// Values that are known to mean something, by the name of the field.
    pub(crate) known: HashMap<&'static str, Value>,
}

impl Source {
    pub(crate) fn new(seed: u8) -> Self {
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
        Self {
            contract: Arc::new(super::contract()),
            runner: TestRunner::new_with_rng(Config::default(), rng),
            known: HashMap::new(),
        }
    }

    fn take<S: Strategy>(&mut self, strategy: S) -> S::Value {
        strategy.new_tree(&mut self.runner).unwrap().current()
    }

    pub(super) fn flip(&mut self) -> bool {
        self.take(proptest::bool::ANY)
    }

    /// A value that the schema allows, for a field of this name.
    pub(crate) fn valid(&mut self, schema: &Value, name: &str) -> Value {
        let contract = self.contract.clone();
        let schema = resolve(&contract, schema);
        if let Some(known) = self.known.get(name).cloned()
            && self.flip()
            && check(&contract, schema, &known, name).is_ok()
        {
            return known;
        }
        if let [first, ..] = list(&schema["enum"]) {
            let n = self.take(0..list(&schema["enum"]).len());
            return schema["enum"].get(n).unwrap_or(first).clone();
        }
        for choice in ["oneOf", "anyOf"] {
            let all = list(&schema[choice]);
            if !all.is_empty() {
                let n = self.take(0..all.len());
                return self.valid(&all[n], name);
            }
        }
        let words: Vec<_> = types(schema).collect();
        let n = self.take(0..words.len());
        match words[n] {
            "null" => Value::Null,
            "boolean" => self.flip().into(),
            "integer" => {
                let (least, most) = (bound(schema, "minimum", i64::MIN), bound(schema, "maximum", i64::MAX));
                let any = self.take(least..=most);
                let edges = [least, most, 1_i64.clamp(least, most), any];
                edges[self.take(0..edges.len())].into()
            }
            "string" => self.text(schema, name).into(),
            "array" => {
                let least = schema["minItems"]
                    .as_u64()
                    .map_or(0, |least| usize::try_from(least).unwrap());
                let n = self.take(least..=least.max(2));
                (0..n).map(|_| self.valid(&schema["items"], name)).collect()
            }
            _ => self.object(schema),
        }
    }

    fn object(&mut self, schema: &Value) -> Value {
        let mut made = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = list(&schema["required"]).iter().any(|one| one == name);
            if is_required || self.flip() {
                made.insert(name.clone(), self.valid(field, name));
            }
        }
        made.into()
    }

    fn text(&mut self, schema: &Value, name: &str) -> String {
        match schema["format"].as_str() {
            Some("uuid") => return Uuid::from_u128(self.take(proptest::num::u128::ANY)).to_string(),
            Some("date-time") => {
                let days = self.take(1_i64..360);
                return in_seconds(days * 86_400);
            }
            _ => {}
        }
        let pattern = schema["pattern"].as_str().unwrap_or("^.*$");
        let inside = pattern.strip_prefix('^').unwrap().strip_suffix('$').unwrap();
        let strategy = string_regex(inside).unwrap();
        for _ in 0..100 {
            let text = self.take(&strategy);
            if check(&self.contract, schema, &json!(text), name).is_ok() {
                return text;
            }
        }
        // Long ones are rare: the shortest that is allowed, over and over.
        let least = usize::try_from(schema["minLength"].as_u64().unwrap_or(1)).unwrap();
        "x".repeat(least)
    }

    /// Values that the schema forbids: each is wrong in one way.
    pub(crate) fn broken(&mut self, schema: &Value) -> Vec<Value> {
        let contract = self.contract.clone();
        let resolved = resolve(&contract, schema).clone();
        let mut all = vec![json!([]), json!(7), json!("x")];
        let fields = resolved["properties"].as_object().cloned().unwrap_or_default();
        for (name, field) in &fields {
            let mut wrong = vec![json!({ "no": "such" }), json!([[]]), json!(true), json!(1.5)];
            let of = resolve(&contract, field);
            if let Some(most) = of["maxLength"].as_u64() {
                wrong.push("x".repeat(usize::try_from(most).unwrap() + 1).into());
            }
            if of["minLength"].is_u64() {
                wrong.push("".into());
            }
            if of["pattern"].is_string() || of["enum"].is_array() || of["format"].is_string() {
                wrong.extend([json!("\u{0}"), json!(" ")]);
            }
            wrong.push(i64::MAX.into());
            for value in wrong {
                let mut whole = self.valid(schema, "");
                whole[name.as_str()] = value;
                all.push(whole);
            }
            let mut whole = self.valid(schema, "");
            whole.as_object_mut().unwrap().remove(name);
            all.push(whole);
        }
        let mut whole = self.valid(schema, "");
        if let Some(whole) = whole.as_object_mut() {
            whole.insert("no_such_field".into(), 1.into());
        }
        all.push(whole);
        all.retain(|value| check(&contract, schema, value, "").is_err());
        all
    }
}

fn bound(schema: &Value, name: &str, or: i64) -> i64 {
    schema[name].as_i64().unwrap_or(or)
}
