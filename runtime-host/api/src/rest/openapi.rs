//! The OpenAPI document of the REST paths, written from the same table and descriptors that serve them.

use std::collections::BTreeMap;

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{json, Map, Value};

use super::routes::{Route, Table, Verb};

/// Deepest field of a request that becomes a parameter of the query string.
const DEPTH_MAX: usize = 3;

/// The whole document.
pub(super) fn document(table: &Table) -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut schemas = Schemas::default();
    schemas.add_error();
    for route in &table.routes {
        let verb = match route.verb {
            Verb::Get => "get",
            Verb::Post => "post",
        };
        let path = route.template.replace("=**}", "}");
        paths.entry(path).or_default().insert(verb.to_string(), operation(route, &mut schemas));
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Suyuan REST API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The queries of a Cosmos chain with contracts, in the form of grpc-gateway. The header \
                x-cosmos-block-height chooses the height.",
        },
        "paths": paths,
        "components": { "schemas": schemas.done },
    })
}

fn operation(route: &Route, schemas: &mut Schemas) -> Value {
    let input = route.method.input();
    let output = schemas.reference(&route.method.output());
    let service = route.method.parent_service();
    let mut operation = json!({
        "operationId": format!("{}_{}", service.full_name().replace('.', "_"), route.method.name()),
        "tags": [service.full_name()],
        "summary": route.method.name(),
        "responses": {
            "200": {
                "description": "The answer",
                "content": { "application/json": { "schema": output } },
            },
            "default": {
                "description": "A refusal",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
            },
        },
    });
    let of_path: Vec<&str> = route.fields().collect();
    let mut parameters = Vec::new();
    for name in &of_path {
        let kind = input.get_field_by_name(name).map(|f| scalar(&f.kind()));
        parameters.push(json!({
            "name": name, "in": "path", "required": true, "schema": kind,
        }));
    }
    if route.verb == Verb::Get {
        for field in input.fields().filter(|f| !of_path.contains(&f.name())) {
            query_parameters(&field, "", 0, &mut parameters);
        }
    } else {
        let body = schemas.reference(&input);
        operation["requestBody"] =
            json!({ "required": true, "content": { "application/json": { "schema": body } } });
    }
    operation["parameters"] = Value::Array(parameters);
    operation
}

fn query_parameters(
    field: &FieldDescriptor,
    prefix: &str,
    depth: usize,
    parameters: &mut Vec<Value>,
) {
    let name = format!("{prefix}{}", field.name());
    match field.kind() {
        Kind::Message(message) => {
            if depth < DEPTH_MAX && !field.is_list() {
                for inner in message.fields() {
                    query_parameters(&inner, &format!("{name}."), depth + 1, parameters);
                }
            }
        }
        kind => {
            let schema = if field.is_list() {
                json!({ "type": "array", "items": scalar(&kind) })
            } else {
                scalar(&kind)
            };
            parameters.push(json!({ "name": name, "in": "query", "schema": schema }));
        }
    }
}

/// The schema of a kind that is no message.
fn scalar(kind: &Kind) -> Value {
    match kind {
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 | Kind::Uint32 | Kind::Fixed32 => {
            json!({ "type": "integer" })
        }
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            json!({ "type": "string", "format": "int64" })
        }
        Kind::Uint64 | Kind::Fixed64 => json!({ "type": "string", "format": "uint64" }),
        Kind::Float | Kind::Double => json!({ "type": "number" }),
        Kind::Bytes => json!({ "type": "string", "format": "byte" }),
        Kind::Enum(names) => {
            let names: Vec<String> = names.values().map(|v| v.name().to_string()).collect();
            json!({ "type": "string", "enum": names })
        }
        Kind::String | Kind::Message(_) => json!({ "type": "string" }),
    }
}

/// Schemas of messages, each once.
#[derive(Default)]
struct Schemas {
    done: BTreeMap<String, Value>,
}

impl Schemas {
    fn add_error(&mut self) {
        self.done.insert(
            "Error".to_string(),
            json!({
                "type": "object",
                "properties": {
                    "code": { "type": "integer" },
                    "message": { "type": "string" },
                    "details": { "type": "array", "items": {} },
                },
            }),
        );
    }

    fn reference(&mut self, message: &MessageDescriptor) -> Value {
        match message.full_name() {
            "google.protobuf.Timestamp" => {
                return json!({ "type": "string", "format": "date-time" })
            }
            "google.protobuf.Duration" => return json!({ "type": "string" }),
            "google.protobuf.Any" => {
                return json!({
                    "type": "object", "properties": { "@type": { "type": "string" } },
                })
            }
            _ => {}
        }
        let name = message.full_name().to_string();
        if !self.done.contains_key(&name) {
            // Holds the place while its own fields are described: messages may contain themselves.
            self.done.insert(name.clone(), Value::Null);
            let mut properties = Map::new();
            for field in message.fields() {
                properties.insert(field.name().to_string(), self.property(&field));
            }
            self.done.insert(name.clone(), json!({ "type": "object", "properties": properties }));
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }

    fn property(&mut self, field: &FieldDescriptor) -> Value {
        let one = match field.kind() {
            Kind::Message(message) => self.reference(&message),
            kind => scalar(&kind),
        };
        if field.is_list() {
            json!({ "type": "array", "items": one })
        } else {
            one
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptors;

    #[test]
    fn the_document_names_every_path_and_every_reference_is_there() {
        let table = Table::new(&descriptors::pool().unwrap()).unwrap();
        let document = document(&table);
        let mut operations = 0;
        for path in document["paths"].as_object().unwrap().values() {
            operations += path.as_object().unwrap().len();
        }
        assert_eq!(operations, table.routes.len());
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas.get(name).is_some_and(Value::is_object), "{name}");
        }
        let supply = &document["paths"]["/cosmos/bank/v1beta1/supply"]["get"]["parameters"];
        assert!(supply.to_string().contains("pagination.limit"));
    }
}
