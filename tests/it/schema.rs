//! A validator for the keywords that `schemas/report.schema.json` uses. The crates that know all of JSON Schema
//! switch on features of shared dependencies, and polars would be compiled a second time for the tests.

use serde_json::Value;

const KNOWN: [&str; 17] = [
    "$schema",
    "$defs",
    "$ref",
    "title",
    "description",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "anyOf",
    "minimum",
    "minItems",
    "minLength",
    "minProperties",
];

pub fn validate(root: &Value, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let object = schema.as_object().expect("a schema");
    for key in object.keys() {
        assert!(
            KNOWN.contains(&key.as_str()) || key == "pattern" || key == "format",
            "the validator does not know {key}"
        );
    }
    let mut fault = |what: String| faults.push(format!("{at}: {what}"));
    if let Some(kind) = schema["type"].as_str() {
        let fits = match kind {
            "object" => value.is_object(),
            "array" => value.is_array(),
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            other => panic!("type {other}"),
        };
        if !fits {
            fault(format!("not of type {kind}"));
            return;
        }
    }
    if schema["enum"].as_array().is_some_and(|codes| !codes.contains(value))
        || object.get("const").is_some_and(|only| only != value)
    {
        fault(format!("{value} is not allowed"));
    }
    if schema["minimum"].as_i64().is_some_and(|least| value.as_i64().is_some_and(|number| number < least)) {
        fault(format!("{value} is too small"));
    }
    if schema["minLength"].as_u64().is_some_and(|least| value.as_str().is_some_and(|text| (text.len() as u64) < least))
    {
        fault("too short".to_owned());
    }
    if let Some(pattern) = schema["pattern"].as_str() {
        let text = value.as_str().unwrap_or_default();
        let fits = match pattern {
            "^[0-9]{4}Q[1-4]$" => esep::values::period::Quarter::parse(text).is_ok(),
            "^([0-9]+|-)$" => text == "-" || (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())),
            "^([0-9]+|-)?$" => text == "-" || text.bytes().all(|byte| byte.is_ascii_digit()),
            "^[0-9]{12}$" => text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()),
            "^[0-9a-f]{64}$" => {
                text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
            }
            other => panic!("pattern {other}"),
        };
        if !fits {
            fault(format!("{text:?} does not match {pattern}"));
        }
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = any.iter().any(|choice| {
            let mut own = Vec::new();
            validate(root, choice, value, at, &mut own);
            own.is_empty()
        });
        if !fits {
            fault(format!("{value} fits no choice"));
        }
    }
    if let Some(path) = schema["$ref"].as_str() {
        validate(root, root.pointer(path.trim_start_matches('#')).expect(path), value, at, faults);
    }
    if let Some(items) = value.as_array() {
        for (place, item) in items.iter().enumerate().filter(|_| schema["items"].is_object()) {
            validate(root, &schema["items"], item, &format!("{at}/{place}"), faults);
        }
    }
    if let Some(fields) = value.as_object() {
        for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(key) {
                faults.push(format!("{at}: lacks {key}"));
            }
        }
        for (key, field) in fields {
            let place = format!("{at}/{key}");
            match (&schema["properties"][key], &schema["additionalProperties"]) {
                (Value::Null, Value::Bool(false)) => faults.push(format!("{place}: unknown")),
                (Value::Null, more) if more.is_object() => validate(root, more, field, &place, faults),
                (Value::Null, _) => {}
                (known, _) => validate(root, known, field, &place, faults),
            }
        }
    }
}
