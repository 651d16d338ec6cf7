//! Flattens descriptors into one line a fact, and compares the lines.

use std::collections::BTreeSet;

use prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    ServiceDescriptorProto,
};

/// A file that is declared only in part: these methods, and whatever messages are declared here.
pub(crate) struct Subset {
    pub(crate) file: &'static str,
    pub(crate) methods: &'static [&'static str],
}

/// A sentence for each fact that only one side states.
pub(crate) fn differences(ours: &FileDescriptorSet, published: &FileDescriptorSet, subsets: &[Subset]) -> Vec<String> {
    let mut found = Vec::new();
    for file in &ours.file {
        let Some(theirs) = published.file.iter().find(|theirs| theirs.name() == file.name()) else {
            found.push(format!("{}: not published", file.name()));
            continue;
        };
        let subset = subsets.iter().find(|subset| subset.file == file.name());
        let ours = facts(file, None);
        let theirs = match subset {
            Some(subset) => facts(&declared_here(theirs, file), Some(subset)),
            None => facts(theirs, None),
        };
        found.extend(
            ours.difference(&theirs)
                .map(|fact| format!("only ours: {}: {fact}", file.name())),
        );
        found.extend(
            theirs
                .difference(&ours)
                .map(|fact| format!("only published: {}: {fact}", file.name())),
        );
    }
    found
}

/// The published file without the messages that are not declared here.
fn declared_here(theirs: &FileDescriptorProto, ours: &FileDescriptorProto) -> FileDescriptorProto {
    let mut part = theirs.clone();
    part.message_type
        .retain(|message| ours.message_type.iter().any(|ours| ours.name() == message.name()));
    part
}

fn facts(file: &FileDescriptorProto, subset: Option<&Subset>) -> BTreeSet<String> {
    let mut facts = BTreeSet::from([format!("package {}", file.package())]);
    for message in &file.message_type {
        message_facts("", message, &mut facts);
    }
    for declared in &file.enum_type {
        enum_facts("", declared, &mut facts);
    }
    for service in &file.service {
        service_facts(service, subset, &mut facts);
    }
    facts
}

fn message_facts(scope: &str, message: &DescriptorProto, facts: &mut BTreeSet<String>) {
    let name = format!("{scope}{}", message.name());
    facts.insert(format!("message {name}"));
    for field in &message.field {
        facts.insert(format!("{name}: {}", field_fact(message, field)));
    }
    let inner = format!("{name}.");
    for nested in &message.nested_type {
        message_facts(&inner, nested, facts);
    }
    for declared in &message.enum_type {
        enum_facts(&inner, declared, facts);
    }
}

fn field_fact(message: &DescriptorProto, field: &FieldDescriptorProto) -> String {
    let oneof = field
        .oneof_index
        .and_then(|index| message.oneof_decl.get(usize::try_from(index).ok()?))
        .map_or("none", |oneof| oneof.name());
    format!(
        "field {} = {}, {} {} {}, oneof {oneof}",
        field.name(),
        field.number(),
        field.label().as_str_name(),
        field.r#type().as_str_name(),
        field.type_name(),
    )
}

fn enum_facts(scope: &str, declared: &EnumDescriptorProto, facts: &mut BTreeSet<String>) {
    for value in &declared.value {
        facts.insert(format!(
            "enum {scope}{}: {} = {}",
            declared.name(),
            value.name(),
            value.number()
        ));
    }
}

fn service_facts(service: &ServiceDescriptorProto, subset: Option<&Subset>, facts: &mut BTreeSet<String>) {
    let wanted = |name: &str| subset.is_none_or(|subset| subset.methods.contains(&name));
    for method in service.method.iter().filter(|method| wanted(method.name())) {
        facts.insert(format!(
            "rpc {}.{}({}{}) -> {}{}",
            service.name(),
            method.name(),
            if method.client_streaming() { "stream " } else { "" },
            method.input_type(),
            if method.server_streaming() { "stream " } else { "" },
            method.output_type(),
        ));
    }
}
